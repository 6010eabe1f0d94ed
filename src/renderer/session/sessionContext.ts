import { createContext } from 'svelte';
import type { Session } from './session.svelte.ts';

/** The session for every component below `App`. */
export const [getSession, setSession] = createContext<Session>();

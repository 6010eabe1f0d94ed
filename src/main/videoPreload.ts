/** Of the hidden page that decodes videos: hands the port over, and nothing else. Built as the page's own preload is. */
import { ipcRenderer } from 'electron';

ipcRenderer.once('keyslice:video-port', ({ ports }) => {
  window.postMessage('keyslice:video-port', window.location.origin, [...ports]);
});

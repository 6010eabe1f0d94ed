/** The three planes of the patient, in the order of their panes. */
export const PLANES = ['axial', 'sagittal', 'coronal'] as const;
export type Plane = (typeof PLANES)[number];

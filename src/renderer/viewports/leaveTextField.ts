/**
 * Cornerstone keeps a press from moving the focus, so a text field would keep the keys after a click on the image:
 * it gives them back here.
 */
export function leaveTextField(): void {
  if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
}

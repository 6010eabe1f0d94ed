export type DialogName = 'settings' | 'help' | 'about' | 'failures';

/** Which panels are open and which dialog stands over them. */
export class Panels {
  left = $state(true);
  right = $state(true);
  /** The viewport alone fills the window. */
  imageOnly = $state(false);
  dialog = $state<DialogName | null>(null);

  toggleLeft(): void {
    this.left = !this.left;
  }

  toggleRight(): void {
    this.right = !this.right;
  }

  toggleImageOnly(): void {
    this.imageOnly = !this.imageOnly;
  }

  show(dialog: DialogName): void {
    this.dialog = dialog;
  }

  close(): void {
    this.dialog = null;
  }
}

/** Files that are looked for by their paths alone, whatever they hold. All answers are pure. */
export interface NamedFiles {
  /** Whether a file at this path is one. */
  readonly has: (path: string) => boolean;
  /** Whether a file of this name, latin1, can be one. */
  readonly fileMay: (name: string) => boolean;
  /** Whether a file below a folder of this name, latin1, can be one whose own name does not tell. */
  readonly folderMay: (name: string) => boolean;
}

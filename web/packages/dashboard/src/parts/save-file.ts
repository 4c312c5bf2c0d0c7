/** Has the browser keep a file. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has taken hold of the file by the time that the next task runs.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

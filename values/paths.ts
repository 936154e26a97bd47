/**
 * Replaces a leading ~ by the home directory. Any other path is returned as it is; "~other/…" is not a form that
 * Terraform's pathexpand() knows, and stays too.
 */
export function expandHome(path: string, home: string): string {
  return path === "~" || path.startsWith("~/") ? home + path.slice(1) : path;
}

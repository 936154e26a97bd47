/** The code of a system error, such as ENOENT; undefined for any other. Node's own errors may be of another realm. */
export function errorCode(error: unknown): string | undefined {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : undefined;
}

import { closeSync, openSync } from "node:fs";

/** Whether somebody is there to be asked. The streams do not tell: cdktf gives its children pipes. */
export function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}

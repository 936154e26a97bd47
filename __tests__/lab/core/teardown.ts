import { down } from "../../../lab/lab";

/** The lab goes when its tests are over; KEEP_LAB=1 keeps it, for the next run of one file. */
export default async function teardown(): Promise<void> {
  if (!process.env["KEEP_LAB"]) await down();
}

// Imported before the programs: they give colours to a terminal only, and ask for it when they are loaded.
process.stdout.isTTY = true;
process.env["FORCE_COLOR"] = "1";

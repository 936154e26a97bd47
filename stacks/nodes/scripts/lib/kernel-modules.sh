# Which modules the kernel that runs has, built in, loaded, or to be loaded; changes nothing.
# Each command that is not the shell's own costs time on every node, so files are read once.

kernel=$(uname -r)
built_in_files=$(cat "$ROOT/lib/modules/$kernel/modules.builtin" 2>/dev/null || true)

# Again after something was loaded.
read_loaded_modules() {
  loaded_modules="
$(cat "$ROOT/proc/modules" 2>/dev/null || true)"
}
read_loaded_modules

is_loaded() {
  case $loaded_modules in
    *"
$1 "*) return 0 ;;
    *) return 1 ;;
  esac
}

# /sys/module has those that are loaded, and of those that are built in the ones with parameters, such as dummy and ip_set.
is_built_in() {
  case $built_in_files in
    *"/$1.ko"*) return 0 ;;
  esac
  [ -d "$ROOT/sys/module/$1" ] && ! is_loaded "$1"
}

exists() {
  is_built_in "$1" || is_loaded "$1" || modinfo "$1" >/dev/null 2>&1
}

#!/bin/bash
# boot.sh DIR SCRIPT [ARG]: boots a real systemd as process 1, on a throw-away layer above this machine's own files, runs
# SCRIPT in it as root, powers it off, boots it again and runs SCRIPT again. SCRIPT's first argument is which boot it is.
# With LOWER in the environment that directory's files are used in place of the machine's own, and the names that its apt
# asks for are found as they are here.
# DIR is the only directory that is the machine's; all else that is written is gone at the end. Takes root.
set -u
dir=$(realpath "$1"); shift
if [ "${1:-}" != inside ]; then exec unshare --mount --propagation private "$0" "$dir" inside "$@"; fi
shift
mkdir -p "$dir/layer"
mount -t tmpfs tmpfs "$dir/layer" || exit 90
mkdir "$dir/layer/up" "$dir/layer/work" "$dir/layer/root" # the layer outlives the boots: it is the disk

cat > "$dir/init.sh" <<'INIT'
mount --make-rprivate /
layer=$dir/layer; root=$layer/root
mount -t overlay overlay -o "lowerdir=${LOWER:-/},upperdir=$layer/up,workdir=$layer/work" "$root" || exit 91
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys" 2>/dev/null || mount --rbind /sys "$root/sys"
umount -R "$root/sys/fs/cgroup" 2>/dev/null
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup" || exit 92
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for node in null zero full random urandom tty; do touch "$root/dev/$node"; mount --bind /dev/$node "$root/dev/$node"; done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"; ln -s /proc/self/fd "$root/dev/fd"
mount -t tmpfs tmpfs "$root/dev/shm"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mkdir -p "$root$dir"; mount --bind "$dir" "$root$dir"
if [ -n "${LOWER:-}" ]; then for file in resolv.conf hosts; do cp --remove-destination "/etc/$file" "$root/etc/$file"; done; fi
rm -f "$root/.dockerenv"; : > "$root/etc/fstab"
cd "$root"; mkdir -p oldroot; pivot_root . oldroot; umount -l /oldroot
exec env -i container=unshare PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
	/lib/systemd/systemd --system --unit=basic.target --log-target=console --show-status=0
INIT

boot() {
	dir=$dir unshare --mount --pid --cgroup --uts --ipc --fork --kill-child bash "$dir/init.sh" > "$dir/boot.log" 2>&1 &
	local outer=$! first= up=
	for try in $(seq 200); do
		first=$(pgrep -P $outer | head -1)
		if [ -n "$first" ] && [ "$(cat "/proc/$first/comm" 2>/dev/null)" = systemd ] &&
			$(inside $first) systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded'; then up=1; break; fi
		sleep 0.1
	done
	if [ -z "$up" ]; then echo "systemd did not boot" >&2; tail "$dir/boot.log" >&2; kill $outer 2>/dev/null; exit 93; fi
	$(inside $first) "$@"; local code=$?
	$(inside $first) systemctl poweroff --force 2>/dev/null
	for try in $(seq 100); do kill -0 $outer 2>/dev/null || break; sleep 0.1; done
	kill $outer 2>/dev/null; wait $outer 2>/dev/null
	return $code
}
inside() { echo nsenter -t $1 -m -p -C -u -i -r -w; }

boot bash "$@" first || exit
boot bash "$@" second

# boot-package.sh OLD.deb NEW.deb first|second: a clean Debian, on which somebody installs the package, uses it as a
# person of their own, upgrades and, after a reboot, purges it.
set -eu
old=$1 new=$2
person=desk
export DEBIAN_FRONTEND=noninteractive
systemctl start dbus systemd-logind
# What is there: all files but what apt, dpkg, the machine's own log and caches made by others' triggers keep.
system() {
	find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /home -o -path /root \
		-o -path /var/lib/dpkg -o -path /var/lib/apt -o -path /var/cache -o -path /var/log -o -path /var/tmp \
		-o -path /var/lib/systemd -o -path /oldroot -o -path "$(dirname "$old")" \) -prune -o -print | sort
}
if [ "$3" = first ]; then useradd --create-home --shell /bin/bash $person; fi
uid=$(id -u $person)
as() { runuser -u $person -- env XDG_RUNTIME_DIR=/run/user/$uid HOME=/home/$person USER=$person "$@"; }
await() { for try in $(seq 100); do "$@" && return; sleep 0.1; done; echo "waited in vain for: $*" >&2; return 1; }
login() { loginctl enable-linger $person; await test -S /run/user/$uid/bus; }
runs() { as systemctl --user is-active --quiet unhunch.service && as unhunch status >/dev/null; }
homes() { find /home/$person -path /home/$person/.local/state -prune -o -path /home/$person/.cache -prune -o -type f -print | sort; }
pid() { as systemctl --user show -p MainPID --value unhunch.service; }

if [ "$3" = first ]; then
	login
	# What it needs is no part of what is looked at: it comes before, and leaves by autoremove.
	apt-get -qq update
	apt-get -qq install --no-install-recommends libgtk-3-0 libayatana-appindicator3-1 >/dev/null 2>&1
	system > /root/system
	apt-get -qq install --no-install-recommends "$old" >/dev/null
	! pgrep -x unhunch
	[ -z "$(as systemctl --user show -p MainPID --value unhunch.service | grep -vx 0)" ]
	echo "installed, and started for nobody"
	as unhunch version; as unhunch-tray --version
	if as unhunch status; then exit 1; else [ $? = 3 ]; fi
	as unhunch doctor || true
	homes > /root/homes
	as unhunch service install
	await runs
	homes | diff /root/homes -
	as systemctl --user is-enabled unhunch.service
	readlink /home/$person/.config/systemd/user/default.target.wants/unhunch.service | grep -x /usr/lib/systemd/user/unhunch.service
	echo "enabled for one person, and no file written"
	as unhunch service status
	before=$(pid)
	dpkg --install "$new" >/dev/null
	dpkg-query -W -f '${Status} ${Version}\n' unhunch
	runs; [ "$(pid)" = "$before" ]
	echo "upgraded, and nothing was stopped"
	as unhunch service restart; await runs
	as unhunch status --json | grep '"version": "1.1.0"'
	unhunch service install --for-all-users
	exit
fi
await runs; echo "there after a reboot"
apt-get -qq remove unhunch >/dev/null
! pgrep -x unhunch; echo "what is removed does not run on"
test -f /etc/xdg/autostart/unhunch-tray.desktop # a setting of the machine's: it stays until the purge
apt-get -qq purge unhunch >/dev/null
! dpkg-query -W unhunch 2>/dev/null
system | diff /root/system -
echo "purged without a trace"

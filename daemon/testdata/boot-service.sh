# boot-service.sh PROGRAM first|second: a person who has installed the service finds it after a reboot.
set -eu
program=$1
person=desk
systemctl start dbus systemd-logind
if [ "$2" = first ]; then
	useradd --create-home --shell /bin/bash $person
	install -m 755 "$program" /usr/local/bin/unhunch
fi
uid=$(id -u $person)
as() { runuser -u $person -- env XDG_RUNTIME_DIR=/run/user/$uid HOME=/home/$person USER=$person "$@"; }
await() { for try in $(seq 100); do "$@" && return; sleep 0.1; done; echo "waited in vain for: $*" >&2; return 1; }
login() { loginctl enable-linger $person; await test -S /run/user/$uid/bus; }
logout() { loginctl disable-linger $person; await gone; }
gone() { ! systemctl is-active --quiet user@$uid; }
runs() { as systemctl --user is-active --quiet unhunch.service && as unhunch status >/dev/null; }
# A login may start others' programs, such as a sound server, which write to the home by themselves.
files() { find /home/$person \( -path /home/$person/.local/state/unhunch -o -path /home/$person/.config/pulse \) -prune -o ! -type d -print | sort; }

login
if [ "$2" = first ]; then
	files > /home/before
	as unhunch service install
	runs
	as systemctl --user show -p MainPID --value unhunch.service > /home/pid
	kill -9 "$(cat /home/pid)"
	sleep 0.5
	for try in $(seq 50); do runs && break; sleep 0.1; done
	runs; echo "back after kill -9"
	logout
	! pgrep -x unhunch
	login
	await runs; echo "there after logout and login"
	exit
fi
await runs; echo "there after a reboot"
as unhunch service status
as unhunch service uninstall
files | diff /home/before -
! pgrep -x unhunch
[ -z "$(as systemctl --user list-unit-files --no-legend unhunch.service)" ]
echo "gone without a trace"

# Starts a journal and a systemd user manager inside namespaces of their own; the first argument is the home, the others
# are folders that must be seen in there, wherever they lie.
set -e
mount --make-rprivate /
umount -R /sys/fs/cgroup || true
mount -t cgroup2 none /sys/fs/cgroup
home=$1
shift
for folder in "$@"; do
    mkdir -p "$home/seen$folder"
    mount --bind "$folder" "$home/seen$folder"
done
# A tmpfs each, also so that nothing in here can empty the machine's own.
for folder in /run /tmp /var/tmp; do mount -t tmpfs -o mode=1777 none "$folder"; done
for folder in "$@"; do
    mkdir -p "$folder"
    mount --bind "$home/seen$folder" "$folder"
done
# Without the first folder systemd says that the machine was not booted with it.
mkdir -p /run/systemd/system /run/log/journal /run/user/0
chmod 700 /run/user/0
export HOME="$home" XDG_RUNTIME_DIR=/run/user/0
unset NOTIFY_SOCKET JOURNAL_STREAM
/lib/systemd/systemd-journald &
/lib/systemd/systemd --user --unit=basic.target --log-target=journal --log-level=info

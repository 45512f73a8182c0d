"""A polkit agent whose user closes every question: dismiss.py PID READY, where READY is a FIFO to say so."""

import sys

from gi.repository import Gio, GLib

AGENT = """<node><interface name="org.freedesktop.PolicyKit1.AuthenticationAgent">
<method name="BeginAuthentication"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
<arg type="a{ss}" direction="in"/><arg type="s" direction="in"/><arg type="a(sa{sv})" direction="in"/></method>
<method name="CancelAuthentication"><arg type="s" direction="in"/></method></interface></node>"""


def answer(_connection, _sender, _path, _interface, method, _arguments, invocation):
    if method == "BeginAuthentication":
        invocation.return_dbus_error("org.freedesktop.PolicyKit1.Error.Cancelled", "the user closed the dialog")
    else:
        invocation.return_value(None)


pid, ready = int(sys.argv[1]), sys.argv[2]
with open(f"/proc/{pid}/stat") as stat:
    start = int(stat.read().rsplit(") ", 1)[1].split()[19])
with open(f"/proc/{pid}/status") as status:
    uid = next(int(line.split()[1]) for line in status if line.startswith("Uid:"))
bus = Gio.bus_get_sync(Gio.BusType.SYSTEM)
bus.register_object("/modshark/agent", Gio.DBusNodeInfo.new_for_xml(AGENT).interfaces[0], answer, None, None)
subject = {"pid": GLib.Variant("u", pid), "start-time": GLib.Variant("t", start), "uid": GLib.Variant("i", uid)}
bus.call_sync(
    "org.freedesktop.PolicyKit1",
    "/org/freedesktop/PolicyKit1/Authority",
    "org.freedesktop.PolicyKit1.Authority",
    "RegisterAuthenticationAgent",
    GLib.Variant("((sa{sv})ss)", (("unix-process", subject), "C", "/modshark/agent")),
    None,
    0,
    -1,
    None,
)
with open(ready, "w") as fifo:
    fifo.write("ready\n")
GLib.MainLoop().run()

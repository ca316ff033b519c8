package org.overpak.flatpak;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// Arguments of `flatpak build-finish`: each option alone, sets as well-known apps have, and random
/// ones that are the same in every run.
final class FinishArgsSamples {
  static final List<String> SINGLE =
      """
      --command=prog
      --command=/app/bin/a b
      --require-version=1.2.3
      --require-version=1.6.2;1.4.0
      --no-inherit-permissions
      --no-desktop
      --extra-data=name:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef:12:34:https://x.org/a:b
      --extra-data=:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef:12::http://x.org/file
      --extension=org.t.App.Plugin=directory=lib/plugins
      --extension=org.t.App.Plugin=autodelete
      --extension=org.t.App.Plugin=add-ld-path=a=b
      --extension=org.t.App.Plugin=version=
      --remove-extension=org.t.App.Old
      --remove-extension=org.t.App.Unknown
      --extension-priority=7
      --extension-priority=-1
      --sdk=org.t.Sdk
      --sdk=org.t.Sdk//2
      --sdk=runtime/org.t.Sdk/aarch64
      --runtime=org.t.Other/i386/3
      --runtime=org.t.Other
      --metadata=X-Group=key=a=b
      --metadata=X-Group=key
      --metadata=Application=tags=a;b;
      --metadata=Context=shared=ipc;
      --share=network
      --share=ipc
      --unshare=network
      --unshare=ipc
      --socket=x11
      --socket=wayland
      --socket=fallback-x11
      --socket=pulseaudio
      --socket=session-bus
      --socket=system-bus
      --socket=ssh-auth
      --socket=pcsc
      --socket=cups
      --socket=gpg-agent
      --nosocket=x11
      --nosocket=fallback-x11
      --nosocket=wayland
      --device=dri
      --device=all
      --device=kvm
      --device=shm
      --nodevice=all
      --allow=devel
      --allow=multiarch
      --allow=bluetooth
      --allow=canbus
      --allow=per-app-dev-shm
      --disallow=devel
      --filesystem=home
      --filesystem=host
      --filesystem=host:ro
      --filesystem=host-os
      --filesystem=host-etc:ro
      --filesystem=~
      --filesystem=~/
      --filesystem=~/.config/x:create
      --filesystem=home/sub//dir/./x/
      --filesystem=home/
      --filesystem=xdg-download
      --filesystem=xdg-download/sub:rw
      --filesystem=xdg-run/pipewire-0
      --filesystem=xdg-config/kdeglobals:ro
      --filesystem=xdg-data/x:create
      --filesystem=/var/lib/x
      --filesystem=/a\\:b:ro
      --filesystem=/a\\\\b
      --filesystem=/with space/\u00e9\u00df
      --filesystem=/a/.
      --filesystem=/semi;colon
      --filesystem=/a!b
      --nofilesystem=home
      --nofilesystem=host:reset
      --nofilesystem=host-reset
      --nofilesystem=xdg-pictures
      --nofilesystem=/x/y:ro
      --env=A=1
      --env=A=b c;d\\e
      --env=S= lead
      --env=T=\ttab
      --env=EMPTY=
      --env=EQ=a=b
      --env=lower.case-name=x
      --unset-env=A
      --unset-env=GONE
      --own-name=org.t.App
      --own-name=org.t.Other.*
      --talk-name=org.freedesktop.Notifications
      --talk-name=org.a-b._c
      --no-talk-name=org.freedesktop.Flatpak
      --no-talk-name=org.t.Other.*
      --system-own-name=org.t.Sys
      --system-talk-name=org.freedesktop.UPower
      --system-no-talk-name=org.freedesktop.UDisks2
      --add-policy=speech.voices=a
      --add-policy=speech.voices=b
      --add-policy=tracker.graph.x=a;b
      --remove-policy=speech.voices=a
      --persist=.mozilla
      --persist=a b/c
      --persist=semi;colon
      """
          .lines()
          .toList();

  /// What both refuse.
  static final List<String> REFUSED =
      """
      --sharee=x
      --share=networks
      --socket=
      --device=gpu
      --allow=all
      --filesystem=/
      --filesystem=//
      --filesystem=nowhere
      --filesystem=xdg-nowhere
      --filesystem=xdg-run
      --filesystem=xdg-run/
      --filesystem=/a/../b
      --filesystem=/../b
      --filesystem=/a/..
      --filesystem=/a\u200bb
      --filesystem=/a\u00a0b
      --filesystem=host:reset
      --filesystem=host-reset
      --nofilesystem=home:reset
      --nofilesystem=host-reset:ro
      --env=A
      --env==x
      --unset-env=A=B
      --own-name=org
      --own-name=:1.2
      --own-name=org.2x
      --own-name=org.*
      --own-name=org.t.
      --talk-name=org..t
      --talk-name=org.t/x
      --add-policy=speech=x
      --add-policy=speech.voices
      --add-policy=speech.voices=!x
      --remove-policy=speech.voices=!x
      --persist=a\u0007b
      --extra-data=a:b:c
      --extension=org.t.App.Plugin
      --extension=plugin=directory=x
      --metadata=Group
      --sdk=Sdk
      --runtime=org.t.P/x86_64/.1
      --extension-priority=high
      """
          .lines()
          .toList();

  private static final List<String> APPS =
      """
      --share=ipc --share=network --socket=wayland --socket=fallback-x11 --socket=pulseaudio --socket=pcsc --socket=cups --device=all --persist=.mozilla --filesystem=xdg-download --filesystem=xdg-run/speech-dispatcher:ro --own-name=org.mozilla.firefox.* --own-name=org.mpris.MediaPlayer2.firefox.* --talk-name=org.freedesktop.FileManager1 --talk-name=org.a11y.Bus --system-talk-name=org.freedesktop.NetworkManager --talk-name=org.gtk.vfs.* --env=DICPATH=/usr/share/hunspell --extension=org.mozilla.firefox.systemconfig=directory=etc/firefox --extension=org.mozilla.firefox.systemconfig=no-autodownload=true --command=firefox
      --share=network --share=ipc --socket=x11 --device=dri --filesystem=host --filesystem=xdg-config/GIMP --filesystem=xdg-config/gtk-3.0 --filesystem=/tmp --talk-name=org.gtk.vfs --talk-name=org.gtk.vfs.* --talk-name=org.freedesktop.FileManager1 --require-version=0.11.1 --extension=org.gimp.GIMP.Plugin=directory=extensions --extension=org.gimp.GIMP.Plugin=merge-dirs=bin;lib;share --extension=org.gimp.GIMP.Plugin=subdirectories=true
      --share=network --share=ipc --socket=fallback-x11 --socket=wayland --socket=pulseaudio --socket=gpg-agent --device=dri --filesystem=host --filesystem=xdg-config/fontconfig:ro --filesystem=xdg-config/kdeglobals:ro --filesystem=xdg-run/gvfsd --talk-name=org.libreoffice.LibreOfficeIpc0 --talk-name=org.gtk.vfs.* --talk-name=ca.desrt.dconf --metadata=X-DConf=migrate-path=/org/libreoffice/registry/ --env=GIO_EXTRA_MODULES=/app/lib/gio/modules --env=JAVA_HOME=/app/jre --env=LIBO_FLATPAK=1
      --share=network --share=ipc --socket=x11 --socket=wayland --socket=pulseaudio --device=all --filesystem=host --filesystem=xdg-run/gvfs --filesystem=xdg-config/kdeglobals:ro --own-name=org.mpris.MediaPlayer2.vlc --talk-name=org.freedesktop.ScreenSaver --talk-name=org.freedesktop.secrets --talk-name=org.kde.kwalletd5 --talk-name=org.kde.StatusNotifierWatcher
      --share=ipc --share=network --socket=x11 --socket=wayland --socket=pulseaudio --device=all --allow=bluetooth --allow=multiarch --allow=devel --allow=per-app-dev-shm --persist=. --filesystem=xdg-music:ro --filesystem=xdg-pictures:ro --filesystem=~/.local/share/Steam:create --filesystem=xdg-run/app/com.discordapp.Discord:create --talk-name=org.gnome.SettingsDaemon.MediaKeys --talk-name=org.kde.StatusNotifierWatcher --system-talk-name=org.freedesktop.UDisks2 --system-talk-name=org.freedesktop.UPower --system-talk-name=org.freedesktop.NetworkManager --unset-env=TZ --require-version=1.12.4
      --socket=x11 --share=ipc --share=network --socket=pulseaudio --device=dri --filesystem=xdg-music:ro --filesystem=xdg-pictures:ro --talk-name=org.gnome.SessionManager --own-name=org.mpris.MediaPlayer2.spotify --extra-data=spotify.snap:92bd8c4fc2ba4ce9a1cb4d2b1c18f1a0b4d12b9e1f3f5f9d0e3f2a1b0c9d8e7f:190345216::https://api.snapcraft.io/api/v1/snaps/download/x.snap --command=com.spotify.Client
      --share=ipc --share=network --socket=x11 --socket=wayland --socket=pulseaudio --device=all --filesystem=host --filesystem=xdg-run/pipewire-0 --filesystem=xdg-run/obs-xdg-portal:create --own-name=org.kde.StatusNotifierItem-2-2 --talk-name=org.kde.StatusNotifierWatcher --talk-name=com.canonical.AppMenu.Registrar --system-talk-name=org.freedesktop.Avahi --add-policy=Tracker3.dbus:org.freedesktop.Tracker3.Miner.Files=tracker:Documents
      --share=ipc --socket=fallback-x11 --socket=wayland --device=dri --filesystem=host --metadata=X-DConf=migrate-path=/org/gnome/gedit/
      --socket=wayland --nosocket=x11 --nosocket=fallback-x11 --unshare=network --nodevice=all --nofilesystem=host:reset --filesystem=xdg-documents:ro --no-talk-name=org.freedesktop.Flatpak
      --allow=canbus --device=kvm --socket=session-bus --socket=system-bus --socket=ssh-auth --filesystem=host-os --filesystem=host-etc --talk-name=org.freedesktop.Flatpak
      """
          .lines()
          .toList();

  private FinishArgsSamples() {}

  /// What both accept.
  static List<List<String>> accepted() {
    var random = new Random(20_240_229);
    List<List<String>> samples = new ArrayList<>();
    SINGLE.forEach(option -> samples.add(List.of(option)));
    APPS.forEach(app -> samples.add(List.of(app.split(" "))));
    samples.add(List.of());
    samples.add(List.of("--share", "network", "--command", "x", "--no-exports"));
    Stream.generate(() -> randomOptions(random)).limit(100).forEach(samples::add);
    return samples;
  }

  private static List<String> randomOptions(Random random) {
    return random.ints(2 + random.nextInt(20), 0, SINGLE.size()).mapToObj(SINGLE::get).toList();
  }
}

package org.overpak.flatpak;

import java.util.List;

/// What is renamed or changed of the files that an app shows to the desktop, with the meaning of
/// flatpak-builder (flatpak-manifest(5)). What is not given is empty.
///
/// @param renameAppdataFile the base name of the AppData file to be named by the app's ID
/// @param renameDesktopFile the base name of the desktop file to be named by the app's ID
/// @param renameIcon the name, without extension, of the icon to be named by the app's ID
/// @param copyIcon whether that icon keeps its old name too
/// @param renameMimeFile the base name of the MIME type definition to be named by the app's ID
/// @param renameMimeIcons names, without extension, of MIME icons to be prefixed with the app's ID
/// @param desktopNamePrefix put before the application's name in the desktop file, as it is
/// @param desktopNameSuffix put after it
/// @param appdataLicense replaces `project_license` in the AppData file
/// @param appstreamCompose whether AppStream data is composed for the app; true unless given
public record ExportChanges(
    String renameAppdataFile,
    String renameDesktopFile,
    String renameIcon,
    boolean copyIcon,
    String renameMimeFile,
    List<String> renameMimeIcons,
    String desktopNamePrefix,
    String desktopNameSuffix,
    String appdataLicense,
    boolean appstreamCompose) {
  public ExportChanges {
    renameMimeIcons = List.copyOf(renameMimeIcons);
  }
}

# Where an app's packages install: everything below /app, libraries in lib64.
%_prefix /app
%_exec_prefix /app
%_bindir /app/bin
%_sbindir /app/sbin
%_libdir /app/lib64
%_libexecdir /app/libexec
%_includedir /app/include
%_datadir /app/share
%_mandir /app/share/man
%_infodir /app/share/info
%_docdir /app/share/doc
%_defaultdocdir /app/share/doc
%_defaultlicensedir /app/share/licenses
%_sysconfdir /app/etc

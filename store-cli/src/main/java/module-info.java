/// The command line of Quire.
module dev.quire.store.cli {
  requires dev.quire.store;
  requires dev.quire.store.server;
  requires info.picocli;
  requires org.jline.reader;
  requires static org.jspecify;

  opens dev.quire.store.cli to
      info.picocli;
}

/// The command line of Quire.
module dev.quire.store.cli {
  requires dev.quire.store;
  requires info.picocli;
  requires static org.jspecify;

  opens dev.quire.store.cli to
      info.picocli;
}

/// The Quire key-value store: an embedded, memory-mapped, ordered store.
@SuppressWarnings("module")
module dev.quire.store {
  requires static transitive org.jspecify;

  exports dev.quire.store;
  exports dev.quire.store.errors;
  exports dev.quire.store.options;

  uses dev.quire.store.StoreProvider;
}

package dev.quire.store;

/// A store in memory without a name, which processes share that know its token; see
/// [Store#sharedTemporary()]. It is gone when the last of them has closed it or died.
public interface TemporaryStore extends Store {

  /// What another process of the same user opens the store by: [Store#sharedTemporary(String)]. A
  /// word without blanks, fit for a command line or an environment variable.
  String token();
}

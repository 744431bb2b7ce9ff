package dev.quire.store.server.state;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the keys of a connection are tracked.
public final class TrackingMode {

  /// Which connection gets the messages, or 0 for the same.
  public final long redirect;

  /// Whether all changes of some prefixes are told, whatever was read.
  public final boolean broadcast;

  public final boolean optIn;
  public final boolean optOut;

  /// Whether the connection's own changes are left out.
  public final boolean noLoop;

  /// Prefixes of a broadcast; empty for all keys.
  public final List<Name> prefixes = new ArrayList<>();

  /// What `CLIENT CACHING` has said for the next command, or null.
  public @Nullable Boolean caching;

  /// Whether the connection that gets the messages is gone.
  public boolean broken;

  public TrackingMode(
      long redirect, boolean broadcast, boolean optIn, boolean optOut, boolean noLoop) {
    this.redirect = redirect;
    this.broadcast = broadcast;
    this.optIn = optIn;
    this.optOut = optOut;
    this.noLoop = noLoop;
  }

  /// Whether keys that a command reads now are tracked.
  public boolean tracksReads() {
    if (broadcast) {
      return false;
    }
    if (optIn) {
      return Boolean.TRUE.equals(caching);
    }
    return !optOut || !Boolean.FALSE.equals(caching);
  }
}

package dev.quire.store.server.run;

import dev.quire.store.Table;
import dev.quire.store.server.resp.Reply;
import dev.quire.store.server.state.KeyspaceEvents;
import dev.quire.store.server.state.Name;
import dev.quire.store.server.state.ServerState;
import dev.quire.store.server.state.Session;
import dev.quire.store.server.table.Command;
import java.util.List;
import java.util.Locale;

/// A command while it runs. Valid until its handler returns.
public final class Call {

  private static final long MAX_LENGTH = 512L << 20;

  private final ServerState state;
  private final Session session;
  private final Command command;
  private final byte[][] words;
  private final Reply out;
  private final Keyspace keyspace;
  private final List<Effect> effects;
  private int hits;
  private int misses;

  Call(
      ServerState state,
      Session session,
      Command command,
      byte[][] words,
      Reply out,
      Keyspace keyspace,
      List<Effect> effects) {
    this.state = state;
    this.session = session;
    this.command = command;
    this.words = words;
    this.out = out;
    this.keyspace = keyspace;
    this.effects = effects;
  }

  /// What the server knows; for commands of the event loop alone.
  public ServerState state() {
    return state;
  }

  /// The connection.
  public Session session() {
    return session;
  }

  /// The command.
  public Command command() {
    return command;
  }

  /// Where the reply goes.
  public Reply out() {
    return out;
  }

  /// The databases.
  public Keyspace keyspace() {
    return keyspace;
  }

  /// The connection's database.
  public Table table() {
    return keyspace.table(session.db);
  }

  /// Number of words, the name included.
  public int count() {
    return words.length;
  }

  /// All words.
  public byte[][] words() {
    return words;
  }

  /// A word.
  public byte[] word(int index) {
    return words[index];
  }

  /// A word as text.
  public String text(int index) {
    return new Name(words[index]).toString();
  }

  /// A word in small letters.
  public String option(int index) {
    return text(index).toLowerCase(Locale.ROOT);
  }

  /// A word as a whole number.
  public long number(int index) {
    return Numbers.parse(words[index]);
  }

  /// A word as a whole number of a range.
  public long number(int index, long least, long most, String problem) {
    long value;
    try {
      value = Numbers.parse(words[index]);
    } catch (Refusal e) {
      throw new Refusal(problem);
    }
    if (value < least || value > most) {
      throw new Refusal(problem);
    }
    return value;
  }

  /// Notes that a key has changed, and the event that is told of it.
  public void changed(byte[] key, int eventClass, String event) {
    changed(session.db, key, eventClass, event);
  }

  /// The same in another database.
  public void changed(int db, byte[] key, int eventClass, String event) {
    effects.add(new Effect(Effect.Kind.CHANGED, session, db, key, eventClass, event));
  }

  /// Notes an event without a change.
  public void event(byte[] key, int eventClass, String event) {
    effects.add(new Effect(Effect.Kind.EVENT, session, session.db, key, eventClass, event));
  }

  /// Notes that a key was looked up for its value or what is known of it.
  public void looked(byte[] key, boolean found) {
    if (found) {
      hits++;
    } else {
      misses++;
      event(key, KeyspaceEvents.KEY_MISS, "keymiss");
    }
  }

  /// Lookups that found a key.
  int hits() {
    return hits;
  }

  /// Lookups that did not.
  int misses() {
    return misses;
  }

  /// Notes that a key is new.
  public void added(int db, byte[] key) {
    effects.add(new Effect(Effect.Kind.EVENT, session, db, key, KeyspaceEvents.NEW, "new"));
  }

  /// Notes that a database is about to be emptied: who watches a key of it has to hear.
  public void clearing(int db) {
    effects.add(new Effect(Effect.Kind.CLEARED, session, db, new byte[0], 0, ""));
  }

  /// Notes that all keys are gone.
  public void flushed() {
    effects.add(new Effect(Effect.Kind.FLUSHED, session, session.db, new byte[0], 0, ""));
  }

  /// @throws Refusal if a value of this length is too long
  public static void requireLength(long length) {
    if (length > MAX_LENGTH) {
      throw new Refusal("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
    }
  }
}

package dev.quire.store.server.commands;

import dev.quire.store.server.resp.Reply;
import dev.quire.store.server.run.Call;
import dev.quire.store.server.run.Refusal;
import dev.quire.store.server.state.Glob;
import dev.quire.store.server.state.Name;
import dev.quire.store.server.state.PubSub;
import dev.quire.store.server.state.Session;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Channels.
final class PubSubCommands {

  private PubSubCommands() {}

  static void bind(Routes to) {
    to.loop("subscribe", PubSubCommands::subscribe);
    to.loop("psubscribe", PubSubCommands::subscribePatterns);
    to.loop("ssubscribe", PubSubCommands::subscribeShards);
    to.loop("unsubscribe", PubSubCommands::unsubscribe);
    to.loop("punsubscribe", PubSubCommands::unsubscribePatterns);
    to.loop("sunsubscribe", PubSubCommands::unsubscribeShards);
    to.loop("publish", PubSubCommands::publish);
    to.loop("spublish", PubSubCommands::publishShard);
    to.loop("pubsub|channels", call -> channels(call, false));
    to.loop("pubsub|shardchannels", call -> channels(call, true));
    to.loop("pubsub|numsub", call -> listeners(call, false));
    to.loop("pubsub|shardnumsub", call -> listeners(call, true));
    to.loop("pubsub|numpat", call -> call.out().number(call.state().pubSub.patternCount()));
  }

  private static PubSub pubSub(Call call) {
    return call.state().pubSub;
  }

  private static void told(Call call, String what, @Nullable Name name, int count) {
    Reply out = call.out();
    out.push(3);
    out.text(what);
    out.bulk(name == null ? null : name.bytes());
    out.number(count);
  }

  private static void subscribe(Call call) {
    for (int i = 1; i < call.count(); i++) {
      Name name = new Name(call.word(i));
      boolean _ = pubSub(call).subscribe(call.session(), name);
      told(call, "subscribe", name, call.session().subscriptions());
    }
  }

  private static void subscribePatterns(Call call) {
    for (int i = 1; i < call.count(); i++) {
      Name name = new Name(call.word(i));
      boolean _ = pubSub(call).subscribePattern(call.session(), name);
      told(call, "psubscribe", name, call.session().subscriptions());
    }
  }

  private static void subscribeShards(Call call) {
    for (int i = 1; i < call.count(); i++) {
      Name name = new Name(call.word(i));
      boolean _ = pubSub(call).subscribeShard(call.session(), name);
      told(call, "ssubscribe", name, call.session().shardChannels.size());
    }
  }

  /// The names of a request, or all that are listened to.
  private static List<Name> names(Call call, Iterable<Name> all) {
    List<Name> names = new ArrayList<>();
    if (call.count() == 1) {
      all.forEach(names::add);
    }
    for (int i = 1; i < call.count(); i++) {
      names.add(new Name(call.word(i)));
    }
    return names;
  }

  private static void unsubscribe(Call call) {
    Session session = call.session();
    List<Name> names = names(call, session.channels);
    for (Name name : names) {
      pubSub(call).unsubscribe(session, name);
      told(call, "unsubscribe", name, session.subscriptions());
    }
    if (names.isEmpty()) {
      told(call, "unsubscribe", null, session.subscriptions());
    }
  }

  private static void unsubscribePatterns(Call call) {
    Session session = call.session();
    List<Name> names = names(call, session.patterns);
    for (Name name : names) {
      pubSub(call).unsubscribePattern(session, name);
      told(call, "punsubscribe", name, session.subscriptions());
    }
    if (names.isEmpty()) {
      told(call, "punsubscribe", null, session.subscriptions());
    }
  }

  private static void unsubscribeShards(Call call) {
    Session session = call.session();
    List<Name> names = names(call, session.shardChannels);
    for (Name name : names) {
      pubSub(call).unsubscribeShard(session, name);
      told(call, "sunsubscribe", name, session.shardChannels.size());
    }
    if (names.isEmpty()) {
      told(call, "sunsubscribe", null, session.shardChannels.size());
    }
  }

  private static void publish(Call call) {
    int count = pubSub(call).publish(call.word(1), call.word(2), call.state()::send);
    call.out().number(count);
  }

  private static void publishShard(Call call) {
    int count = pubSub(call).publishShard(call.word(1), call.word(2), call.state()::send);
    call.out().number(count);
  }

  private static void channels(Call call, boolean shard) {
    if (call.count() > 3) {
      throw new Refusal(
          "ERR wrong number of arguments for '" + call.command().name() + "' command");
    }
    List<Name> names = pubSub(call).channels(shard);
    if (call.count() == 3) {
      names.removeIf(name -> !Glob.matches(call.word(2), name.bytes()));
    }
    call.out().array(names.size());
    names.forEach(name -> call.out().bulk(name.bytes()));
  }

  private static void listeners(Call call, boolean shard) {
    call.out().array(2 * (call.count() - 2));
    for (int i = 2; i < call.count(); i++) {
      call.out().bulk(call.word(i));
      call.out().number(pubSub(call).listeners(new Name(call.word(i)), shard));
    }
  }
}

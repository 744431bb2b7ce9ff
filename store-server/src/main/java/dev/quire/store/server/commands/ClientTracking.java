package dev.quire.store.server.commands;

import dev.quire.store.server.resp.Reply;
import dev.quire.store.server.run.Call;
import dev.quire.store.server.run.Refusal;
import dev.quire.store.server.state.Name;
import dev.quire.store.server.state.TrackingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `CLIENT TRACKING` and what belongs to it.
final class ClientTracking {

  private ClientTracking() {}

  static void bind(Routes to) {
    to.loop("client|tracking", ClientTracking::tracking);
    to.loop("client|caching", ClientTracking::caching);
    to.loop("client|getredir", ClientTracking::redirect);
    to.loop("client|trackinginfo", ClientTracking::describe);
  }

  /// The options of a request.
  private static final class Options {
    long redirect;
    boolean broadcast;
    boolean optIn;
    boolean optOut;
    boolean noLoop;
    final List<Name> prefixes = new ArrayList<>();

    Options(Call call) {
      for (int i = 3; i < call.count(); i++) {
        boolean more = i + 1 < call.count();
        switch (call.option(i)) {
          case "bcast" -> broadcast = true;
          case "optin" -> optIn = true;
          case "optout" -> optOut = true;
          case "noloop" -> noLoop = true;
          case "redirect" -> {
            if (!more) {
              throw Refusal.syntax();
            }
            redirectTo(call, ++i);
          }
          case "prefix" -> {
            if (!more) {
              throw Refusal.syntax();
            }
            prefixes.add(new Name(call.word(++i)));
          }
          default -> throw Refusal.syntax();
        }
      }
    }

    private void redirectTo(Call call, int index) {
      if (redirect != 0) {
        throw new Refusal("ERR A client can only redirect to a single other client");
      }
      redirect = call.number(index);
      if (call.state().session(redirect) == null) {
        throw new Refusal("ERR The client ID you want redirect to does not exist");
      }
    }

    void check(@Nullable TrackingMode before) {
      if (!broadcast && !prefixes.isEmpty()) {
        throw new Refusal("ERR PREFIX option requires BCAST mode to be enabled");
      }
      if (before != null && before.broadcast != broadcast) {
        throw cannotSwitch("BCAST mode on/off");
      }
      if (broadcast && (optIn || optOut)) {
        throw new Refusal("ERR OPTIN and OPTOUT are not compatible with BCAST");
      }
      if (optIn && optOut) {
        throw new Refusal("ERR You can't specify both OPTIN mode and OPTOUT mode");
      }
      if (before != null && ((optIn && before.optOut) || (optOut && before.optIn))) {
        throw cannotSwitch("OPTIN/OPTOUT mode");
      }
      checkPrefixes(before);
    }

    private static Refusal cannotSwitch(String what) {
      return new Refusal(
          "ERR You can't switch "
              + what
              + " before disabling tracking for this client, and then re-enabling it with a"
              + " different mode.");
    }

    private void checkPrefixes(@Nullable TrackingMode before) {
      for (int i = 0; i < prefixes.size(); i++) {
        if (before != null) {
          for (Name known : before.prefixes) {
            requireApart(known, prefixes.get(i), "an existing prefix");
          }
        }
        for (int j = i + 1; j < prefixes.size(); j++) {
          requireApart(prefixes.get(j), prefixes.get(i), "another provided prefix");
        }
      }
    }

    private static void requireApart(Name known, Name prefix, String what) {
      int length = Math.min(known.bytes().length, prefix.bytes().length);
      if (Arrays.equals(known.bytes(), 0, length, prefix.bytes(), 0, length)) {
        throw new Refusal(
            "ERR Prefix '"
                + prefix
                + "' overlaps with "
                + what
                + " '"
                + known
                + "'. Prefixes for a single client must not overlap.");
      }
    }
  }

  private static void tracking(Call call) {
    Options options = new Options(call);
    switch (call.option(2)) {
      case "on" -> {
        options.check(call.session().tracking);
        TrackingMode mode =
            new TrackingMode(
                options.redirect, options.broadcast, options.optIn, options.optOut, options.noLoop);
        mode.prefixes.addAll(options.prefixes);
        call.state().tracking.enable(call.session(), mode);
      }
      case "off" -> call.state().tracking.disable(call.session());
      default -> throw Refusal.syntax();
    }
    call.out().ok();
  }

  private static void caching(Call call) {
    TrackingMode mode = call.session().tracking;
    if (mode == null) {
      throw new Refusal(
          "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or"
              + " OPTOUT mode enabled");
    }
    switch (call.option(2)) {
      case "yes" -> {
        if (!mode.optIn) {
          throw new Refusal(
              "ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.");
        }
        mode.caching = true;
      }
      case "no" -> {
        if (!mode.optOut) {
          throw new Refusal(
              "ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.");
        }
        mode.caching = false;
      }
      default -> throw Refusal.syntax();
    }
    call.out().ok();
  }

  private static void redirect(Call call) {
    TrackingMode mode = call.session().tracking;
    call.out().number(mode == null ? -1 : mode.redirect);
  }

  private static void describe(Call call) {
    TrackingMode mode = call.session().tracking;
    List<String> flags = new ArrayList<>();
    flags.add(mode == null ? "off" : "on");
    if (mode != null) {
      add(flags, mode.broadcast, "bcast");
      add(flags, mode.optIn, "optin");
      add(flags, mode.optIn && Boolean.TRUE.equals(mode.caching), "caching-yes");
      add(flags, mode.optOut, "optout");
      add(flags, mode.optOut && Boolean.FALSE.equals(mode.caching), "caching-no");
      add(flags, mode.noLoop, "noloop");
      add(flags, mode.broken, "broken_redirect");
    }
    Reply out = call.out();
    out.map(3);
    out.text("flags");
    out.set(flags.size());
    flags.forEach(out::text);
    out.text("redirect");
    out.number(mode == null ? -1 : mode.redirect);
    out.text("prefixes");
    List<Name> prefixes = mode == null ? List.of() : mode.prefixes;
    out.array(prefixes.size());
    prefixes.forEach(prefix -> out.bulk(prefix.bytes()));
  }

  private static void add(List<String> flags, boolean set, String name) {
    if (set) {
      flags.add(name);
    }
  }
}

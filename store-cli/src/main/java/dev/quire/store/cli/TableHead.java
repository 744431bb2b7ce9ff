package dev.quire.store.cli;

import dev.quire.store.TableCodecs;
import dev.quire.store.TableOptions;
import dev.quire.store.cli.NewTable.Like;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a dump says of a table before its entries.
///
/// @param name null if the dump has no name for it
/// @param like how it is made
record TableHead(@Nullable String name, Like like) {

  /// A table without options.
  static TableHead plain(@Nullable String name) {
    return new TableHead(name, new Like(TableOptions.defaults(), null));
  }

  /// One of a number of keys.
  boolean integerKeys() {
    return like.options().integerKeys();
  }

  /// The same for another name.
  TableHead withName(String other) {
    return new TableHead(other, like);
  }

  /// As an object with the members `table`, and as far as they say something `integerKeys`,
  /// `expiryMillis`, `keyCodec` and `valueCodec`.
  Json json() {
    Json object = Json.object();
    if (name != null) {
      object.put("table", name);
    }
    if (integerKeys()) {
      object.put("integerKeys", true);
    }
    if (!like.options().expiry().isZero()) {
      object.put("expiryMillis", like.options().expiry().toMillis());
    }
    TableCodecs codecs = like.codecs();
    if (codecs != null) {
      object.put("keyCodec", codecs.keys()).put("valueCodec", codecs.values());
    }
    return object;
  }

  /// What [#json] has written.
  static TableHead of(JsonValue.Members object) {
    TableOptions options =
        TableOptions.defaults()
            .withIntegerKeys(object.isTrue("integerKeys"))
            .withExpiry(Duration.ofMillis(object.number("expiryMillis", 0)));
    String keys = object.text("keyCodec");
    String values = object.text("valueCodec");
    TableCodecs codecs = keys == null || values == null ? null : new TableCodecs(keys, values);
    return new TableHead(object.text("table"), new Like(options, codecs));
  }
}

package dev.quire.store.server.net;

import dev.quire.store.server.resp.Words;
import dev.quire.store.server.state.Settings;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;

/// TLS as the settings say. What they say is read again when one of them is set, for connections
/// that come after it; so a new certificate needs no restart. Set and used on the event loop, once
/// connections are accepted.
public final class Encryption {

  private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");

  private final Settings settings;
  private SslContext context;

  /// @throws IllegalArgumentException if the files cannot be used, or settings are missing
  public Encryption(Settings settings) {
    this.settings = settings;
    this.context = read(settings);
    settings.check(
        names -> {
          if (names.stream().anyMatch(name -> name.startsWith("tls-"))) {
            context = read(settings);
          }
        });
  }

  /// Whether clients have to show a certificate.
  public static boolean needsCertificates(Settings settings) {
    return settings.text("tls-auth-clients").equals("yes");
  }

  boolean needsCertificates() {
    return needsCertificates(settings);
  }

  SslHandler handler(ByteBufAllocator allocator) {
    return context.newHandler(allocator);
  }

  private static SslContext read(Settings settings) {
    Path certificate = requireFile(settings, "tls-cert-file");
    Path key = requireFile(settings, "tls-key-file");
    String password = settings.text("tls-key-file-pass");
    ClientAuth asked =
        switch (settings.text("tls-auth-clients")) {
          case "yes" -> ClientAuth.REQUIRE;
          case "optional" -> ClientAuth.OPTIONAL;
          default -> ClientAuth.NONE;
        };
    try {
      SslContextBuilder builder =
          SslContextBuilder.forServer(
                  certificate.toFile(), key.toFile(), password.isEmpty() ? null : password)
              .sslProvider(SslProvider.JDK)
              .protocols(protocols(settings.text("tls-protocols")))
              .clientAuth(asked);
      if (asked != ClientAuth.NONE) {
        builder.trustManager(requireFile(settings, "tls-ca-cert-file").toFile());
      }
      return builder.build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new IllegalArgumentException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  private static List<String> protocols(String text) {
    List<String> words = Words.of(text);
    for (String word : words) {
      if (!PROTOCOLS.contains(word)) {
        throw new IllegalArgumentException("tls-protocols may be TLSv1.2 and TLSv1.3");
      }
    }
    return words.isEmpty() ? List.of("TLSv1.2", "TLSv1.3") : words;
  }

  private static Path requireFile(Settings settings, String name) {
    String file = settings.text(name);
    if (file.isEmpty()) {
      throw new IllegalArgumentException("TLS needs " + name + " (see tls-auth-clients)");
    }
    return Path.of(file);
  }
}

package dev.quire.store.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Connections with TLS. Certificates are made by the keytool of the JDK.
final class EncryptionTest {

  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private static Path directory;

  private static KeyStore one;
  private static KeyStore other;

  @BeforeAll
  static void makeCertificates() throws Exception {
    one = make("one");
    other = make("other");
  }

  private static KeyStore make(String name) throws Exception {
    Path file = directory.resolve(name + ".p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process made =
        new ProcessBuilder(
                keytool,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "key",
                "-dname",
                "CN=" + name,
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .start();
    String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, made.waitFor(), said);
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    write(name + ".key", "PRIVATE KEY", store.getKey("key", PASSWORD).getEncoded());
    write(name + ".crt", "CERTIFICATE", store.getCertificate("key").getEncoded());
    return store;
  }

  private static void write(String name, String kind, byte[] bytes) throws IOException {
    String text = Base64.getMimeEncoder().encodeToString(bytes);
    Files.writeString(
        directory.resolve(name),
        "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
  }

  private static String file(String name) {
    return directory.resolve(name).toString();
  }

  private static ServerOptions options(String authClients) {
    return ServerOptions.defaults()
        .with("port", "0")
        .with("tls-port", "-1")
        .with("tls-cert-file", file("one.crt"))
        .with("tls-key-file", file("one.key"))
        .with("tls-ca-cert-file", file("one.crt"))
        .with("tls-auth-clients", authClients);
  }

  /// A socket that trusts one certificate and shows another, or none if it is null.
  private static SSLSocket connect(
      StoreServer server, KeyStore trusted, KeyStore shown, String protocol) throws Exception {
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry("server", trusted.getCertificate("key"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(anchors);
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(shown, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.tlsPort());
    socket.setSoTimeout(20_000);
    socket.setEnabledProtocols(new String[] {protocol});
    return socket;
  }

  private static String ask(SSLSocket socket, String line, int replyBytes) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    byte[] reply = socket.getInputStream().readNBytes(replyBytes);
    return new String(reply, StandardCharsets.US_ASCII).strip();
  }

  @Test
  void socket_ofEachProtocol_isServedAndNoPlainPortIsOpen() throws Exception {
    try (Store store = Store.inMemory();
        StoreServer server = StoreServer.start(store, options("no"))) {
      assertEquals(0, server.port());
      for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
        try (SSLSocket socket = connect(server, one, null, protocol)) {
          assertEquals("+OK", ask(socket, "SET k " + "v".repeat(50_000), 5));
          assertTrue(ask(socket, "GET k", 50_010).endsWith("vvv"));
          assertEquals(protocol, socket.getSession().getProtocol());
        }
      }
    }
  }

  @Test
  void clientCertificate_missingOrOfOthers_isRefused() throws Exception {
    try (Store store = Store.inMemory();
        StoreServer server = StoreServer.start(store, options("yes"))) {
      try (SSLSocket socket = connect(server, one, one, "TLSv1.3")) {
        assertEquals("+PONG", ask(socket, "PING", 7));
      }
      for (KeyStore shown : new KeyStore[] {null, other}) {
        for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
          try (SSLSocket socket = connect(server, one, shown, protocol)) {
            assertThrows(IOException.class, () -> requirePong(socket));
          }
        }
      }
    }
  }

  private static void requirePong(SSLSocket socket) throws IOException {
    if (!ask(socket, "PING", 7).equals("+PONG")) {
      throw new IOException("no answer");
    }
  }

  @Test
  void configSet_newCertificate_isUsedByNewConnections() throws Exception {
    try (Store store = Store.inMemory();
        StoreServer server = StoreServer.start(store, options("no"));
        SSLSocket first = connect(server, one, null, "TLSv1.3")) {
      assertEquals("+PONG", ask(first, "PING", 7));
      String refused = ask(first, "CONFIG SET tls-key-file " + file("none.key"), 15);
      assertEquals("-ERR CONFIG SET", refused);
      try (SSLSocket same = connect(server, one, null, "TLSv1.3")) {
        assertEquals("+PONG", ask(same, "PING", 7));
        String change =
            "CONFIG SET tls-cert-file " + file("other.crt") + " tls-key-file " + file("other.key");
        assertEquals("+OK", ask(same, change, 5));
      }
      try (SSLSocket changed = connect(server, other, null, "TLSv1.3")) {
        assertEquals("+PONG", ask(changed, "PING", 7));
        X509Certificate shown = (X509Certificate) changed.getSession().getPeerCertificates()[0];
        assertEquals("CN=other", shown.getSubjectX500Principal().getName());
      }
    }
  }

  @Test
  void start_withoutWhatTlsNeeds_isRefused() {
    try (Store store = Store.inMemory()) {
      for (ServerOptions options :
          new ServerOptions[] {
            options("yes").with("tls-ca-cert-file", ""),
            options("no").with("tls-cert-file", ""),
            options("no").with("tls-protocols", "TLSv1.1"),
            options("no").with("bind", "0.0.0.0"),
          }) {
        assertThrows(
            IllegalArgumentException.class, () -> StoreServer.start(store, options).close());
      }
    }
  }

  @Test
  void start_otherAddressWithCertificatesOfClients_isAllowed() throws Exception {
    try (Store store = Store.inMemory();
        StoreServer server = StoreServer.start(store, options("yes").with("bind", "0.0.0.0"))) {
      assertFalse(server.tlsPort() == 0);
    }
  }
}

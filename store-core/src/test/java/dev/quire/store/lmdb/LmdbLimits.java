package dev.quire.store.lmdb;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/// The tests of the contract that LMDB cannot pass, each with a word of the reason. They are run,
/// and must end in [UnsupportedOperationException] with that word in it.
///
/// Left out as a whole are the contracts of differences, watches and locks: LMDB has none of them.
final class LmdbLimits implements InvocationInterceptor {

  private static final Map<String, String> UNSUPPORTED =
      Map.of(
          "put_emptyKeyAndEmptyValue_areAnEntry", "key of 0 bytes",
          "keys_everyLength_areFoundAndOrdered", "key of 0 bytes",
          "keys_longestThatDifferInTheLastByte_areToldApart", "1 to 511 bytes");

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> invocationContext,
      ExtensionContext extensionContext)
      throws Throwable {
    String reason = UNSUPPORTED.get(invocationContext.getExecutable().getName());
    if (reason == null) {
      invocation.proceed();
      return;
    }
    String message =
        assertThrows(UnsupportedOperationException.class, invocation::proceed).getMessage();
    assertTrue(message.contains(reason), message);
  }
}

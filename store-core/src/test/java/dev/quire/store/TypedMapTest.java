package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.testing.ConcurrentNavigableMapTestSuiteBuilder;
import com.google.common.collect.testing.TestStringSortedMapGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.Feature;
import com.google.common.collect.testing.features.MapFeature;
import com.google.common.collect.testing.testers.MapEntrySetTester;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.CheckedStore;
import dev.quire.store.testing.contract.StoreForm;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import junit.framework.TestFailure;
import junit.framework.TestResult;
import junit.framework.TestSuite;
import org.junit.jupiter.api.Test;

/// Goal: a typed map is a map.
///
/// Method: the tests that guava-testlib has for a `ConcurrentNavigableMap`, its parts and its
/// views, in one store for all, with a table that is emptied before each, and the integrity check
/// at the end. In a campaign all of them, in memory, shared and durable; in `verify` a random
/// sample of those of a map of several entries, in memory (`-Dquire.seed` repeats it).
///
/// Not tested, for there is none: null keys and values, serialization. Suppressed are the tests of
/// `Map.Entry.setValue` (which `ConcurrentSkipListMap` fails as well): entries cannot be changed.
class TypedMapTest {

  /// The feature of a map that says: no tests of its parts. It has no public name.
  private static final String WITHOUT_PARTS =
      "com.google.common.collect.testing.SortedMapTestSuiteBuilder$NoRecurse";

  @Test
  void guavaTests_inMemory_pass() {
    run(StoreForm.inMemory());
  }

  @Test
  void guavaTests_sharedAndDurable_passInACampaign() {
    if (Campaign.isLong()) {
      run(StoreForm.shared());
      run(StoreForm.durable());
    }
  }

  private static void run(StoreForm form) {
    Durability fast = Durability.interval(Duration.ofMillis(100));
    try (Store store = form.open(StoreOptions.defaults().withDurability(fast))) {
      StoreMap<String, String> map = store.map("m", Codecs.STRING, Codecs.STRING);
      TestSuite suite = suite(map);
      TestResult result = new TestResult();
      suite.run(result);
      assertEquals(List.of(), described(result));
      Campaign.note(result.runCount() + " tests of guava-testlib");
      CheckedStore.assertClean(store);
    } finally {
      form.close();
    }
  }

  private static TestSuite suite(StoreMap<String, String> map) {
    List<Feature<?>> features = new ArrayList<>();
    features.add(MapFeature.GENERAL_PURPOSE);
    features.add(CollectionFeature.KNOWN_ORDER);
    features.add(CollectionFeature.SUPPORTS_ITERATOR_REMOVE);
    if (Campaign.isLong()) {
      features.add(CollectionSize.ANY);
    } else {
      features.add(CollectionSize.SEVERAL);
      features.add(withoutParts());
    }
    return ConcurrentNavigableMapTestSuiteBuilder.using(
            new TestStringSortedMapGenerator() {
              @Override
              protected SortedMap<String, String> create(Map.Entry<String, String>[] entries) {
                map.clear();
                for (Map.Entry<String, String> entry : entries) {
                  map.put(entry.getKey(), entry.getValue());
                }
                return map;
              }
            })
        .named("typed map")
        .withFeatures(features)
        .suppressing(setValueTests())
        .createTestSuite();
  }

  private static Feature<?> withoutParts() {
    try {
      for (Object feature : Class.forName(WITHOUT_PARTS).getEnumConstants()) {
        if (feature.toString().equals("SUBMAP")) {
          return (Feature<?>) feature;
        }
      }
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
    throw new AssertionError(WITHOUT_PARTS);
  }

  private static List<Method> setValueTests() {
    return Stream.of(MapEntrySetTester.class.getMethods())
        .filter(method -> method.getName().contains("SetValue"))
        .toList();
  }

  private static List<String> described(TestResult result) {
    List<TestFailure> failed = new ArrayList<>();
    failed.addAll(Collections.list(result.errors()));
    failed.addAll(Collections.list(result.failures()));
    return failed.stream().map(TestFailure::toString).limit(20).toList();
  }
}

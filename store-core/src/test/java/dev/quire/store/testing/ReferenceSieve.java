package dev.quire.store.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// SIEVE as its paper has it (Zhang et al., NSDI 2024), of keys alone: what the store is compared
/// with.
public final class ReferenceSieve<K> {

  private static final class Node<K> {
    final K key;
    boolean visited;

    Node(K key) {
      this.key = key;
    }
  }

  private final int capacity;
  private final Map<K, Node<K>> nodes = new HashMap<>();

  /// The oldest first.
  private final List<Node<K>> queue = new ArrayList<>();

  private int hand;

  public ReferenceSieve(int capacity) {
    this.capacity = capacity;
  }

  /// Looks a key up.
  public boolean get(K key) {
    Node<K> node = nodes.get(key);
    if (node != null) {
      node.visited = true;
    }
    return node != null;
  }

  /// Puts a key.
  public void put(K key) {
    if (!get(key)) {
      if (nodes.size() == capacity) {
        evict();
      }
      Node<K> node = new Node<>(key);
      nodes.put(key, node);
      queue.add(node);
    }
  }

  private void evict() {
    hand = hand >= queue.size() ? 0 : hand;
    while (queue.get(hand).visited) {
      queue.get(hand).visited = false;
      hand = hand + 1 == queue.size() ? 0 : hand + 1;
    }
    nodes.remove(queue.remove(hand).key);
    hand = hand == queue.size() ? 0 : hand;
  }

  /// Deletes a key.
  public void delete(K key) {
    Node<K> node = nodes.remove(key);
    if (node != null) {
      int at = queue.indexOf(node);
      queue.remove(at);
      hand = at < hand ? hand - 1 : hand;
    }
  }

  public boolean contains(K key) {
    return nodes.containsKey(key);
  }

  public int size() {
    return nodes.size();
  }
}

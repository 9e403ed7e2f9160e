package dev.rszshm.structures.internal.trie;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.structures.StructureFixture;
import dev.rszshm.structures.codec.Codecs;
import org.junit.jupiter.api.Test;

class KeyTrieTest {
  private static final int KEYS = 500;

  @Test
  void keysThatAllCollideAreFoundAndAreFreedWithTheRest() {
    try (StructureFixture fixture = new StructureFixture()) {
      long slots = fixture.allocator.allocateZeroed(KeyTrie.LENGTH);
      KeyTrie trie = new KeyTrie(fixture.allocator, slots, 0);
      for (int i = 0; i < KEYS; i++) {
        byte[] key = Codecs.ints().encode(i);
        long place = trie.findPlace(-1, key, 0, key.length);
        assertTrue(place < 0, "the key is not there yet");
        fixture.allocator.allocateInto(
            -place, NodeLayout.length(4), node -> trie.write(node, 0, -1, key, 0, key.length));
      }
      for (int i = 0; i < KEYS; i++) {
        byte[] key = Codecs.ints().encode(i);
        assertEquals(i, Codecs.ints().decode(trie.key(trie.find(-1, key, 0, key.length))));
      }
      long[] seen = {0};
      trie.forEach(node -> seen[0]++);
      assertEquals(KEYS, seen[0]);
      trie.dismantle();
      fixture.assertBlocks(1);
    }
  }
}

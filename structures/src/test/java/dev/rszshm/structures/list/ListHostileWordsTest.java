package dev.rszshm.structures.list;

import dev.rszshm.structures.HostileWords;
import dev.rszshm.structures.codec.Codecs;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** One word of a list is another: each method ends, with a result or an exception of ours. */
class ListHostileWordsTest {
  private static final int ELEMENTS = 300;

  @Property(tries = 40)
  void everyMethodEnds(@ForAll long seed) {
    HostileWords.run(
        seed,
        (allocator, name) -> {
          SharedList<byte[]> list = SharedList.named(allocator, name, Codecs.byteArrays());
          for (int i = 0; i < ELEMENTS; i++) {
            list.append(new byte[i % 50]);
          }
          return random -> {
            int index = random.nextInt(ELEMENTS + 10);
            switch (random.nextInt(5)) {
              case 0 -> list.append(new byte[random.nextInt(80)]);
              case 1 -> list.get(index);
              case 2 -> list.set(index, new byte[random.nextInt(80)]);
              case 3 -> list.longSize();
              default -> list.check();
            }
          };
        });
  }
}

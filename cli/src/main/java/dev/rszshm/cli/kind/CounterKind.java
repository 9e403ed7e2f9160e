package dev.rszshm.cli.kind;

import dev.rszshm.cli.Json;
import dev.rszshm.structures.counters.CounterMap;
import java.io.PrintStream;
import java.util.Iterator;
import java.util.Optional;

/** Counter maps, of keys that are bytes here, those with the highest counts first. */
final class CounterKind extends StructureKind<CounterMap<byte[]>> {
  /** Keys are counted one by one; a description does not take longer than for so many. */
  private static final long MOST_COUNTED = 100_000;

  CounterKind() {
    super(64);
  }

  @Override
  CounterMap<byte[]> open(Root root, long place) {
    return there(CounterMap.find(root.allocator(), root.name()));
  }

  @Override
  Description describe(Root root, CounterMap<byte[]> counters) {
    Iterator<CounterMap.Count<byte[]>> all = counters.iterator();
    long keys = 0;
    long sum = 0;
    for (; keys < MOST_COUNTED && all.hasNext(); keys++) {
      sum += all.next().count();
    }
    boolean more = all.hasNext();
    return new Description(
        "counter map",
        "counter map of "
            + (more ? "more than " : "")
            + count(keys, "key")
            + (more ? "" : ", the sum is " + sum)
            + ", codec "
            + FormatText.of(counters.keyFormat()),
        FormatText.add(
            Json.object("keys", keys, "more", more, "sum", more ? null : sum),
            "",
            counters.keyFormat()));
  }

  @Override
  Verdict look(CounterMap<byte[]> counters) {
    return new Verdict(counters.check().findings(), false);
  }

  @Override
  public void remove(Root root) {
    CounterMap.remove(root.allocator(), root.name());
  }

  @Override
  void dump(Root root, CounterMap<byte[]> counters, PrintStream out, int most) {
    int asked = most == Integer.MAX_VALUE ? most : most + 1; // to know whether there are more
    print(
        counters.top(asked).iterator(),
        out,
        most,
        entry -> CodecText.of(counters.keyFormat(), entry.key()) + " = " + entry.count());
  }

  @Override
  public Optional<Values> values(Root root) {
    CounterMap<byte[]> counters = open(root);
    return Optional.of(
        new Values() {
          @Override
          public Optional<String> get(String key) {
            byte[] bytes = CodecText.parse(counters.keyFormat(), key);
            return counters.containsKey(bytes)
                ? Optional.of(Long.toString(counters.get(bytes)))
                : Optional.empty();
          }

          @Override
          public void put(String key, String value) {
            counters.set(
                CodecText.parse(counters.keyFormat(), key), ElementText.number(value, "a count"));
          }
        });
  }
}

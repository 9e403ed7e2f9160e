package dev.rszshm.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The table of memory. */
final class AllocationMemory {
  /** The works after which blocks are left. */
  static final List<String> WORKS = List.of("churn", "larson", "mstress");

  private static final double MOST_OF_MIMALLOC = 1.1;
  private static final double MOST_METADATA = 0.03;

  private final List<String> others;
  private final Table table;
  private boolean isEmpty = true;

  /**
   * Makes it, empty.
   *
   * @param others names of peers that have a column of their own beside those that always have one
   */
  AllocationMemory(List<String> others) {
    this.others = others;
    this.table =
        new Table(
            "Bytes of memory over bytes of blocks in use, as they were asked for, after the last lap:"
                + " of the heap's file, of what is resident more than before the first lap, and of"
                + " Boost's segment as far as it is resident.",
            Stream.of(
                    Stream.of(
                        "work",
                        "members",
                        "in use MB",
                        "ours",
                        "mimalloc",
                        "jemalloc",
                        "glibc",
                        "Boost"),
                    others.stream(),
                    Stream.of("ours ≤ 1.1 × mimalloc", "our tables", "≤ 3 %"))
                .flatMap(names -> names)
                .toArray(String[]::new));
  }

  void add(AllocationSetting setting, List<AllocationPeer> peers, List<AllocationGroup> groups)
      throws Exception {
    AllocationGroup.Memory ours = of(AllocationPeer.OURS, setting, peers, groups);
    double metadata = ours.metadata() / ours.mapped();
    AllocationGroup.Memory mimalloc = of(AllocationPeer.MIMALLOC, setting, peers, groups);
    List<Object> cells = new ArrayList<>();
    cells.add("`" + setting.work() + "`");
    cells.add(setting.mode());
    cells.add(Table.number(ours.live() / 1e6));
    cells.add("**" + ratio(ours) + "**");
    cells.add(ratio(mimalloc));
    cells.add(ratio(of(AllocationPeer.JEMALLOC, setting, peers, groups)));
    cells.add(ratio(of(AllocationPeer.GLIBC, setting, peers, groups)));
    cells.add(ratio(of(AllocationPeer.BOOST, setting, peers, groups)));
    for (String other : others) {
      cells.add(ratio(of(other, setting, peers, groups)));
    }
    cells.add(
        mimalloc == null ? "" : Table.verdict(share(ours) <= MOST_OF_MIMALLOC * share(mimalloc)));
    cells.add(String.format(Locale.ROOT, "%.1f %%", 100 * metadata));
    cells.add(Table.verdict(metadata <= MOST_METADATA));
    isEmpty = false;
    table.row(cells.toArray());
  }

  /** Null if it is not there, or its members were processes with memory of their own. */
  private static AllocationGroup.Memory of(
      String name,
      AllocationSetting setting,
      List<AllocationPeer> peers,
      List<AllocationGroup> groups)
      throws Exception {
    for (int i = 0; i < peers.size(); i++) {
      AllocationPeer peer = peers.get(i);
      if (peer.name().equals(name)) {
        return peer.isShared() || !peer.hasProcesses(setting) ? groups.get(i).memory() : null;
      }
    }
    return null;
  }

  private static double share(AllocationGroup.Memory memory) {
    return (double) memory.mapped() / memory.live();
  }

  private static String ratio(AllocationGroup.Memory memory) {
    return memory == null ? "" : Table.number(share(memory));
  }

  void addTo(List<String> parts) {
    if (!isEmpty) {
      parts.add(table.toString());
    }
  }
}

package dev.rszshm.allocator;

import dev.rszshm.allocator.internal.check.Reachability;
import dev.rszshm.allocator.internal.lane.Guards;
import dev.rszshm.allocator.internal.table.Tables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Searches blocks in use that no root reaches.
 *
 * <pre>{@code
 * for (LeakSearch.Leak leak : LeakSearch.of(allocator).find()) {
 *   System.out.println(leak);
 * }
 * }</pre>
 *
 * <p>It begins at the blocks of all roots, and follows the references that a {@link
 * ReferenceTracer} tells of: one that was declared for the type of the root, or {@link
 * ReferenceTracer#anyWord}. It changes nothing and holds nobody up, so what others allocate
 * meanwhile, and have not put anywhere yet, counts as unreached: a leak is what is found twice,
 * with some time in between, or when nobody is at work. A block that a program has and no block
 * refers to is no leak of that program, but nobody could free it if the program died.
 *
 * <p>It needs about 16 bytes of Java heap for each block, and reads each block that is reached
 * once.
 */
public final class LeakSearch {
  private final Allocator allocator;
  private final Tables tables;
  private final Map<Long, ReferenceTracer> declared = new HashMap<>();

  /**
   * A block that no root reaches.
   *
   * @param offset its offset
   * @param length its length in bytes
   * @param tag what {@link Allocator#runTagged} says of it; empty in an allocator that does not
   *     check, and for a block that was being allocated when its process died
   * @param participant the {@link dev.rszshm.heap.Participant#tag} of whoever allocated it; empty
   *     where the tag is
   */
  public record Leak(long offset, long length, OptionalInt tag, OptionalInt participant) {
    @Override
    public String toString() {
      return "block of "
          + length
          + " bytes at offset "
          + offset
          + (tag.isPresent() ? ", tag " + tag.getAsInt() : "")
          + (participant.isPresent() ? ", of participant " + participant.getAsInt() : "");
    }
  }

  private LeakSearch(Allocator allocator, Tables tables) {
    this.allocator = allocator;
    this.tables = tables;
  }

  /** Returns a search to which nothing was declared. */
  public static LeakSearch of(Allocator allocator) {
    return new LeakSearch(allocator, allocator.tables());
  }

  /** Declares how references are found in what roots of a type lead to. */
  public LeakSearch declare(long rootType, ReferenceTracer tracer) {
    declared.put(rootType, tracer);
    return this;
  }

  /** Returns the blocks that no root reaches now, in the order of their offsets. */
  public List<Leak> find() {
    Reachability reachability = new Reachability(tables);
    ReferenceTracer anyWord = ReferenceTracer.anyWord();
    for (RootEntry root : allocator.roots()) {
      long block = allocator.get(root.slot());
      reachability.mark(block, declared.getOrDefault(root.type(), anyWord));
    }
    List<Leak> leaks = new ArrayList<>();
    reachability.forEachUnreached((offset, length) -> leaks.add(leak(offset, length)));
    return List.copyOf(leaks);
  }

  private Leak leak(long offset, long length) {
    OptionalInt tag = OptionalInt.empty();
    OptionalInt participant = OptionalInt.empty();
    if (tables.checking && Guards.isLabeled(tables.heap, offset, length)) {
      long label = Guards.label(tables.heap, offset, length);
      tag = OptionalInt.of(Guards.tagOf(label));
      participant = OptionalInt.of(Guards.participantOf(label));
    }
    return new Leak(offset, length, tag, participant);
  }
}

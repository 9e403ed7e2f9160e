package dev.rszshm.cli.kind;

import dev.rszshm.cli.check.Trouble.Severity;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/**
 * What the command knows of one kind of structure. The heap may be attached for reading only, may
 * be in use, and may be damaged: whatever is read is checked before it is used. What these methods
 * throw, a {@link RuntimeException}, is shown as what is wrong with the root.
 */
public interface Kind {
  /** Says what a root is. */
  Description describe(Root root);

  /** A finding of a check, before it is known where. */
  record Finding(Severity severity, long offset, String message) {}

  /**
   * Looks at every word of a root that means something. Others may use it meanwhile: who asks asks
   * again, and believes what is found each time.
   */
  List<Finding> check(Root root);

  /**
   * Writes the content readably.
   *
   * @param most how many entries, messages or rows at most
   */
  default void dump(Root root, PrintStream out, int most) {
    HexDump.print(root.heap(), root.block(), root.length(1), out, most);
  }

  /** Returns what to say of a root of which {@link #dump} writes nothing. */
  default String whenEmpty() {
    return "empty";
  }

  /**
   * Ends what somebody began and died in, in a heap that is attached for writing.
   *
   * @return what was done, or empty if there was nothing to do
   */
  default Optional<String> recover(Root root) {
    return Optional.empty();
  }

  /**
   * Returns what stays behind in the heap, or cannot be read any more, once {@link #remove} has
   * removed a root; empty if all that it has is removed, and nothing else refers to it.
   */
  default Optional<String> remains(Root root) {
    return Optional.empty();
  }

  /**
   * Removes a root with all that is in it, in a heap that is attached for writing, and when nobody
   * uses it any more. If the process dies in it, a part is removed; call it again.
   */
  default void remove(Root root) {
    root.allocator().removeRoot(root.name());
  }

  /** Returns how values of it are read and written by key, or empty if it has none. */
  default Optional<Values> values(Root root) {
    return Optional.empty();
  }

  /** Values by key, as text. */
  interface Values {
    /** Returns a value, or empty if there is none. */
    Optional<String> get(String key);

    /**
     * Sets a value.
     *
     * @throws IllegalArgumentException if key or value cannot be used
     * @throws UnsupportedOperationException if values are not set this way; says how they are
     */
    void put(String key, String value);
  }
}

package dev.rszshm.heap;

import dev.rszshm.heap.internal.file.AnonymousFile;
import dev.rszshm.heap.spi.SystemCalls;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a heap without a name is made of. Either kind is opened by those only whom somebody lets in,
 * grows like any other heap, and is gone with its last user.
 */
public enum AnonymousMemory {
  /**
   * A file that lives in memory only ({@code memfd_create}). It is sealed: nobody can make it
   * shorter, whatever rights he has. The system shows it under a {@link HeapBuilder#memoryName
   * name}.
   */
  MEMFD,

  /**
   * A temporary file that has no name, in {@code /dev/shm} or, where there is none, in the
   * directory of temporary files. It cannot be sealed, so who may write it may also make it
   * shorter.
   */
  UNLINKED_FILE;

  /**
   * Returns whether this machine lets this process make such memory. It is found out by making
   * some, since a system may have a call and refuse it, as many containers do.
   */
  public boolean isSupported() {
    return AnonymousFile.isSupported(SystemCalls.host(), this);
  }

  /** Returns the kinds that are supported, the best one first. */
  public static Set<AnonymousMemory> supported() {
    EnumSet<AnonymousMemory> found = EnumSet.allOf(AnonymousMemory.class);
    found.removeIf(kind -> !kind.isSupported());
    return Collections.unmodifiableSet(found);
  }
}

package dev.rszshm.cli.check;

import dev.rszshm.cli.Json;
import java.util.Locale;
import java.util.Map;

/**
 * Something that is not as it should be.
 *
 * @param severity how bad it is
 * @param where the part of the heap: {@code header}, {@code allocator}, {@code root "jobs"}
 * @param offset where in the heap; -1 if it is no place
 * @param found what was found
 * @param meaning what that means for who uses the heap
 * @param mend what to do
 */
public record Trouble(
    Severity severity, String where, long offset, String found, String meaning, String mend) {

  /** What an advice begins with if the command mends it. */
  static final String RECOVER = "rszshm recover ";

  /** Returns whether {@code rszshm recover} mends it. */
  public boolean isMendedByRecover() {
    return mend.startsWith(RECOVER);
  }

  /** How bad something is. */
  public enum Severity {
    /** Nothing is lost; something is slower, or takes more room. */
    NOTE,
    /** Somebody has died; the others go on, or {@code recover} mends it. */
    RECOVERABLE,
    /** Something has written where it should not. */
    ERROR;

    /** The name for people and programs. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Returns it as JSON. */
  public Map<String, Object> json() {
    return Json.object(
        "severity", severity.toString(),
        "where", where,
        "offset", offset < 0 ? null : offset,
        "found", found,
        "meaning", meaning,
        "mend", mend);
  }
}

package dev.rszshm.allocator.internal.root;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** What the type numbers of roots stand for, in messages. */
public final class RootType {
  /** "SYNC" and a number: what is shared by name for locking and waiting. */
  private static final long SYNCHRONIZER = 0x5359_4e43L;

  private static final long OBJECT = 0x4f42_4a45_4354_0001L;
  private static final long STRUCT = 0x5354_5255_4354_0001L;
  private static final long ARRAY = 0x4152_5241_5900_0001L;

  private static final String[] SYNCHRONIZERS = {
    "mutex",
    "fast mutex",
    "monitor",
    "read-write lock",
    "condition",
    "semaphore",
    "robust semaphore",
    "barrier",
    "latch",
    "event",
    "once",
    "event count",
    "fair mutex",
    "robust latch"
  };

  private RootType() {}

  /** The number, and what it stands for if that is known or is text. */
  public static String describe(long type) {
    String meaning = meaning(type);
    return meaning.isEmpty() ? Long.toString(type) : type + " (" + meaning + ")";
  }

  private static String meaning(long type) {
    if (type == OBJECT || type == STRUCT || type == ARRAY) {
      return type == OBJECT ? "object" : type == STRUCT ? "layout of a struct" : "array";
    }
    int number = (int) (type & 0xffff);
    if (type >>> 16 == SYNCHRONIZER && number >= 1 && number <= SYNCHRONIZERS.length) {
      return SYNCHRONIZERS[number - 1];
    }
    String text = text(type);
    return switch (text) {
      case "RSZCHANL" -> "channel";
      case "RSZTOPIC" -> "topic";
      case "RSZREQST" -> "request channel";
      case "RSZSHMAP" -> "map";
      case "RZSZSORT" -> "sorted map";
      case "RSZSHMQU" -> "queue";
      case "RSZSHMDQ" -> "deque";
      case "RSZSHMLG" -> "log";
      case "RSZSLIST" -> "list";
      case "RSZSLNLS" -> "list of numbers";
      case "RSZSBITS" -> "set of bits";
      case "RSZSCONT" -> "counter map";
      case "RSZSSTRS" -> "table of strings";
      default -> text.isEmpty() ? "" : '"' + text + '"';
    };
  }

  /** The bytes of a number as they are in memory, if they are four letters or more. */
  private static String text(long type) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    String all = new String(bytes.putLong(0, type).array(), StandardCharsets.US_ASCII);
    String text = all.replaceFirst("\0+$", "");
    boolean readable = text.length() >= 4 && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    return readable ? text : "";
  }
}

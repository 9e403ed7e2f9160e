package dev.rszshm.cli;

import dev.rszshm.heap.HeapInfo;
import dev.rszshm.heap.Participant;
import java.util.Locale;

/** Facts of a heap as text. */
final class InfoText {
  private static final String FACT = "  %-13s %s%n";

  private InfoText() {}

  static String format(HeapInfo info) {
    StringBuilder text = new StringBuilder(Text.printable(info.path().toString()) + "\n");
    if (info.plain()) {
      text.append(String.format(Locale.ROOT, FACT, "kind", "plain file, as ccan's rszshm makes"));
    } else {
      text.append(
          String.format(Locale.ROOT, FACT, "kind", "heap, format version " + info.version()));
      text.append(String.format(Locale.ROOT, FACT, "id", info.id().orElseThrow()));
      text.append(String.format(Locale.ROOT, FACT, "created", info.created().orElseThrow()));
    }
    text.append(
        String.format(Locale.ROOT, FACT, "address", "0x" + Long.toHexString(info.address())));
    text.append(String.format(Locale.ROOT, FACT, "length", Amounts.bytes(info.length())));
    text.append(String.format(Locale.ROOT, FACT, "span", Amounts.bytes(info.span())));
    text.append(String.format(Locale.ROOT, FACT, "file length", Amounts.bytes(info.fileLength())));
    text.append(String.format(Locale.ROOT, FACT, "data offset", info.dataOffset()));
    if (!info.plain()) {
      text.append(String.format(Locale.ROOT, FACT, "growths", info.growths()));
      text.append(
          String.format(
              Locale.ROOT,
              FACT,
              "directory",
              info.generatedDirectory() ? "made for this heap" : "was there before"));
      appendParticipants(text, info);
    }
    return text.toString();
  }

  private static void appendParticipants(StringBuilder text, HeapInfo info) {
    text.append(
        String.format(
            Locale.ROOT,
            FACT,
            "participants",
            info.participants().isEmpty()
                ? "none of " + info.participantSlots()
                : info.participants().size() + " of " + info.participantSlots()));
    if (info.participants().isEmpty()) {
      return;
    }
    String row = "  %6s %10s  %-5s  %-24s  %s%n";
    text.append(String.format(Locale.ROOT, row, "number", "pid", "state", "since", "name"));
    for (Participant participant : info.participants()) {
      text.append(
          String.format(
              Locale.ROOT,
              row,
              participant.slot(),
              participant.pid(),
              participant.alive() ? "alive" : "dead",
              participant.attached(),
              Text.printable(participant.name())
                  + (participant.otherAddress() ? " (at another address)" : "")));
    }
  }
}

package dev.rszshm.testkit.history;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How operations and results are written: a record {@code Put[key=a, value=1]} as {@code put(a,
 * 1)}, unless it has a {@code toString} of its own; an Optional as what is in it; everything else
 * as its {@code toString} says.
 */
final class Notation {
  private Notation() {}

  static String of(@Nullable Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.map(Notation::of).orElse("nothing");
    }
    String text = String.valueOf(value);
    if (!(value instanceof Record)) {
      return text;
    }
    List<String> named = new ArrayList<>();
    List<String> bare = new ArrayList<>();
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      Object part = read(component, value);
      named.add(component.getName() + "=" + part);
      bare.add(of(part));
    }
    String name = value.getClass().getSimpleName();
    if (!text.equals(name + "[" + String.join(", ", named) + "]")) {
      return text;
    }
    return Character.toLowerCase(name.charAt(0))
        + name.substring(1)
        + "("
        + String.join(", ", bare)
        + ")";
  }

  /** A component; null if its class may not be looked into, which then is no match above. */
  private static @Nullable Object read(RecordComponent component, Object value) {
    try {
      component.getAccessor().trySetAccessible();
      return component.getAccessor().invoke(value);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }
}

/** What the locks of a heap throw. */
@NullMarked
package dev.rszshm.sync.errors;

import org.jspecify.annotations.NullMarked;

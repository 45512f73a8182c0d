/** A function that keeps its last `capacity` answers and gives them again. */
export function remember<Key, Value>(capacity: number, make: (key: Key) => Value): (key: Key) => Value {
  const kept = new Map<Key, { value: Value }>();
  return (key) => {
    const entry = kept.get(key) ?? { value: make(key) };
    // Taken out and put back, so that the map's order is that of use and the first is the one to forget.
    kept.delete(key);
    kept.set(key, entry);
    if (kept.size > capacity) kept.delete(kept.keys().next().value!);
    return entry.value;
  };
}

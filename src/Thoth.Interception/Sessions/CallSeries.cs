namespace Thoth.Interception.Sessions;

/// <summary>
/// Numbers the equal calls of one series, so that each has an idempotency key of its own, and the same one if the series is repeated.
/// Thread-safe.
/// </summary>
/// <param name="id">The id of the series, the same for each repetition.</param>
/// <param name="resumedKey">The key of the held call that the series is repeated for; no other call gets it.</param>
internal sealed class CallSeries(string id, string? resumedKey = null)
{
    /// <summary>How many different calls are numbered, so that a scope that is never left takes no more and more memory.</summary>
    private const int MaxCalls = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Numbers> _calls = new(StringComparer.Ordinal);
    private readonly HashSet<string> _reserved = resumedKey is null ? [] : [resumedKey];
    private readonly Dictionary<string, string> _failed = new(StringComparer.Ordinal);

    public string Id { get; } = id;

    /// <summary>Reserves the key of a held call that is resumed in the series: no other call gets it.</summary>
    public void Reserve(string key)
    {
        lock (_lock)
        {
            if (_reserved.Count < MaxCalls)
            {
                _reserved.Add(key);
            }
        }
    }

    public bool IsReserved(string key)
    {
        lock (_lock)
        {
            return _reserved.Contains(key);
        }
    }

    /// <summary>Takes the key of a resumed call that failed, if there is one: the next equal call is its repetition.</summary>
    public string? TakeFailed(string call)
    {
        lock (_lock)
        {
            return _failed.Remove(call, out var key) ? key : null;
        }
    }

    /// <summary>Gives the key of a resumed call back, because the call failed.</summary>
    public void GiveBack(string call, string key)
    {
        lock (_lock)
        {
            if (_failed.Count < MaxCalls)
            {
                _failed[call] = key;
            }
        }
    }

    /// <summary>Takes the lowest number that no equal call has.</summary>
    /// <returns>The number, or <see langword="null"/> if the series has too many calls.</returns>
    public int? Take(string call)
    {
        lock (_lock)
        {
            if (!_calls.TryGetValue(call, out var numbers))
            {
                if (_calls.Count == MaxCalls)
                {
                    return null;
                }

                _calls.Add(call, numbers = new Numbers());
            }

            if (numbers.Free is not { Count: > 0 } free)
            {
                return numbers.Next++;
            }

            var lowest = free.Min;
            free.Remove(lowest);
            return lowest;
        }
    }

    /// <summary>Gives a number back: its call failed, so the next equal call is its repetition.</summary>
    public void GiveBack(string call, int number)
    {
        lock (_lock)
        {
            (_calls[call].Free ??= []).Add(number);
        }
    }

    private sealed class Numbers
    {
        public int Next { get; set; }

        public SortedSet<int>? Free { get; set; }
    }
}

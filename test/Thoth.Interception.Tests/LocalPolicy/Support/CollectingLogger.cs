using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Thoth.Interception.Tests.LocalPolicy.Support;

/// <summary>Keeps log entries, and lets a test await the next one with an id.</summary>
internal sealed class CollectingLogger<T> : ILogger<T>
{
    private readonly ConcurrentDictionary<int, SemaphoreSlim> _signals = new();

    public ConcurrentQueue<(int Id, LogLevel Level, string Message)> Entries { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Entries.Enqueue((eventId.Id, logLevel, $"{formatter(state, exception)} {exception}"));
        Signal(eventId.Id).Release();
    }

    public int Count(int id) => Entries.Count(entry => entry.Id == id);

    /// <summary>Consumes one entry with the id, waiting for it if need be.</summary>
    public async Task NextAsync(int id) =>
        Assert.That(await Signal(id).WaitAsync(TimeSpan.FromSeconds(30)), Is.True, $"log entry {id} did not come");

    private SemaphoreSlim Signal(int id) => _signals.GetOrAdd(id, static _ => new(0));
}

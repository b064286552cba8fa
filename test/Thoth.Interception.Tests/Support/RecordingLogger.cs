using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Thoth.Interception.Tests.Support;

/// <summary>Records log entries from a level upwards, and lets a test await the next entry with an event id.</summary>
internal class RecordingLogger(LogLevel from) : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<Entry> _entries = new();
    private readonly ConcurrentDictionary<int, SemaphoreSlim> _signals = new();

    /// <summary>Gets the entries, oldest first.</summary>
    public IReadOnlyList<Entry> Entries => [.. _entries];

    /// <summary>Gets the formatted messages.</summary>
    public IReadOnlyList<string> Messages => [.. _entries.Select(entry => entry.Message)];

    /// <summary>Gets the levels, messages, states and exceptions: everything that a provider could write.</summary>
    public string Text => string.Join('\n', _entries.Select(entry => entry.Text));

    /// <summary>Gets <see cref="Text"/> without the entries at Trace, which may hold a secret.</summary>
    public string TextAboveTrace => string.Join('\n', _entries.Where(entry => entry.Level > LogLevel.Trace).Select(entry => entry.Text));

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= from;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            var message = formatter(state, exception);
            _entries.Enqueue(new Entry(eventId.Id, logLevel, message, $"{logLevel} {message} {state} {exception}"));
            Signal(eventId.Id).Release();
        }
    }

    /// <summary>Counts the entries with the event id.</summary>
    public int Count(int id) => _entries.Count(entry => entry.Id == id);

    /// <summary>Consumes one entry with the event id; waits up to 30 seconds for it.</summary>
    public async Task NextAsync(int id) =>
        Assert.That(await Signal(id).WaitAsync(TimeSpan.FromSeconds(30)), Is.True, $"log entry {id} did not come");

    public void Dispose()
    {
    }

    private SemaphoreSlim Signal(int id) => _signals.GetOrAdd(id, static _ => new(0));

    /// <param name="Id">The event id.</param>
    /// <param name="Level">The level.</param>
    /// <param name="Message">The formatted message.</param>
    /// <param name="Text">The level, the message, the state and the exception.</param>
    internal sealed record Entry(int Id, LogLevel Level, string Message, string Text);
}

/// <summary>A <see cref="RecordingLogger"/> for one category, from Debug upwards.</summary>
internal sealed class RecordingLogger<T>() : RecordingLogger(LogLevel.Debug), ILogger<T>;

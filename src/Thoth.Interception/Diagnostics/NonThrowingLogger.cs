using Microsoft.Extensions.Logging;

namespace Thoth.Interception.Diagnostics;

/// <summary>Swallows the failures of a logger: a full log disk must neither refuse a tool call nor replace its result.</summary>
internal sealed class NonThrowingLogger<T>(ILogger<T> inner) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return inner.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return false;
        }
    }

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // A failure to log cannot be logged.
        }
    }
}

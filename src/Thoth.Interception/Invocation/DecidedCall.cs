using System.Collections.ObjectModel;
using System.Text.Json;
using Thoth.Interception.Arguments;
using Thoth.Interception.Pipeline;
using Thoth.Interception.Sessions;

namespace Thoth.Interception.Invocation;

/// <summary>A call that may run: runs it once, or records that it was dropped.</summary>
/// <param name="pipeline">The pipeline that decided it.</param>
/// <param name="sessions">The sessions, which hold the permit while the tool runs.</param>
/// <param name="call">The call.</param>
/// <param name="permitted">The governed method that the tool may call once without a decision, if any.</param>
internal sealed class DecidedCall(ToolCallPipeline pipeline, ThothSessions sessions, ToolCall call, ToolMethodDescriptor? permitted) : IDisposable
{
    private const int Open = 0;
    private const int Run = 1;
    private const int Disposed = 2;

    private int _state;

    /// <summary>Records a call that was dropped without a run and not disposed.</summary>
    ~DecidedCall() => Drop();

    /// <summary>Gets the decision that the call runs by; <see langword="null"/> in observe mode.</summary>
    public EnforcementDecision? Decision => call.Decision;

    /// <summary>Makes the arguments that the tool runs with.</summary>
    public IReadOnlyDictionary<string, object?> Arguments()
    {
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (call.Tool.Parameters.Whole is { } whole)
        {
            foreach (var member in ((JsonElement)call.Values[whole.Position]!).EnumerateObject())
            {
                arguments[member.Name] = member.Value.ValueKind == JsonValueKind.Null ? null : member.Value;
            }
        }
        else
        {
            foreach (var parameter in call.Tool.Parameters.All)
            {
                if (parameter.IsOnTheWire)
                {
                    arguments[parameter.Name] = call.Values[parameter.Position];
                }
            }
        }

        return new ReadOnlyDictionary<string, object?>(arguments);
    }

    /// <summary>Runs the tool, once.</summary>
    /// <exception cref="InvalidOperationException">The call was run before.</exception>
    /// <exception cref="ObjectDisposedException">The call was dropped.</exception>
    public Task<T> Start<T>(
        Func<IReadOnlyDictionary<string, object?>, CancellationToken, Task<T>> tool, IReadOnlyDictionary<string, object?> arguments,
        CancellationToken cancellationToken)
    {
        var before = Interlocked.CompareExchange(ref _state, Run, Open);
        ObjectDisposedException.ThrowIf(before == Disposed, typeof(ToolCallDecision));
        if (before == Run)
        {
            throw new InvalidOperationException("The call was run before. Decide it again to run it again.");
        }

        GC.SuppressFinalize(this);
        return RunAsync(tool, arguments, cancellationToken);
    }

    public void Dispose()
    {
        Drop();
        GC.SuppressFinalize(this);
    }

    private async Task<T> RunAsync<T>(
        Func<IReadOnlyDictionary<string, object?>, CancellationToken, Task<T>> tool, IReadOnlyDictionary<string, object?> arguments,
        CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            call.CancellationToken = cancellationToken;
        }

        call.Resume();
        try
        {
            pipeline.Start(call);
            T result;
            try
            {
                using var permit = Permit();
                using (call.Enter(sessions, permit))
                {
                    result = await tool(arguments, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (Exception exception)
            {
                pipeline.Failed(call, exception);
                throw;
            }

            pipeline.Completed(call, result);
            return result;
        }
        finally
        {
            call.ReturnToCaller();
        }
    }

    /// <summary>Records that the call was dropped. It runs on the finalizer's thread too, so it never throws.</summary>
    private void Drop()
    {
        if (Interlocked.CompareExchange(ref _state, Disposed, Open) != Open)
        {
            return;
        }

        try
        {
            pipeline.Abandoned(call);
        }
        catch (Exception)
        {
            // A listener of traces or metrics failed.
        }
    }

    private CallPermit? Permit()
    {
        if (permitted is null)
        {
            return null;
        }

        try
        {
            var arguments = call.Tool.Parameters.Serialize((object?[])call.Values.Clone());
            return new CallPermit(call.Session, permitted.Method, call.Tool.Name, call.Values, arguments);
        }
        catch (ArgumentNotSerializableException)
        {
            // An observed call runs whatever its arguments are. The inner call is then observed too.
            return null;
        }
    }
}

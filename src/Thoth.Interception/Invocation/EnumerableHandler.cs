using System.Collections;
using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Invocation;

/// <summary>
/// Governs methods that return <see cref="IEnumerable{T}"/>. A collection is a result like any other. A lazy sequence runs the
/// body during enumeration: the first enumeration belongs to the call, and each further one is another call.
/// </summary>
internal sealed class EnumerableHandler<T> : ReturnTypeHandler
{
    public override bool IsDelayed => true;

    public override object? Run(ToolCallPipeline pipeline, ToolMethodDescriptor method, object target, object?[] values)
    {
        var call = pipeline.Begin(method.Tool, values);
        try
        {
            var result = SynchronousHandler.RunTool(pipeline, method, target, call, values);
            if (result is not (null or ICollection<T> or IReadOnlyCollection<T> or ICollection or string))
            {
                return new GovernedEnumerable(pipeline, method, target, values, call, (IEnumerable)result);
            }

            pipeline.Completed(call, result);
            return result;
        }
        finally
        {
            call.ReturnToCaller();
        }
    }

    private sealed class GovernedEnumerable(
        ToolCallPipeline pipeline, ToolMethodDescriptor method, object target, object?[] values, ToolCall firstCall, IEnumerable firstResult)
        : IEnumerable<T>
    {
        private int _firstIsTaken;

        ~GovernedEnumerable()
        {
            // The sequence was never enumerated. Its call was allowed and its body never ran, but its record needs an end.
            if (_firstIsTaken == 0)
            {
                pipeline.Abandoned(firstCall);
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public IEnumerator<T> GetEnumerator()
        {
            var (call, result) = Next();
            IEnumerator? elements = null;
            Exception? failure = null;
            try
            {
                while (true)
                {
                    T element;
                    call.Resume();
                    var entered = pipeline.EnterTool(call);
                    try
                    {
                        elements ??= result is IEnumerable<T> typed ? typed.GetEnumerator() : result.GetEnumerator();
                        if (!elements.MoveNext())
                        {
                            break;
                        }

                        element = elements is IEnumerator<T> typedElements ? typedElements.Current : (T)elements.Current!;
                    }
                    catch (Exception exception)
                    {
                        failure = exception;
                        throw;
                    }
                    finally
                    {
                        pipeline.LeaveTool(call, entered);
                        call.ReturnToCaller();
                    }

                    yield return element;
                }
            }
            finally
            {
                End(call, elements as IDisposable, failure);
            }
        }

        private void End(ToolCall call, IDisposable? elements, Exception? failure)
        {
            call.Resume();
            var entered = pipeline.EnterTool(call);
            try
            {
                elements?.Dispose();
            }
            catch (Exception exception)
            {
                failure ??= exception;
                throw;
            }
            finally
            {
                pipeline.LeaveTool(call, entered);
                if (failure is null)
                {
                    pipeline.Completed(call, null);
                }
                else
                {
                    pipeline.Failed(call, failure);
                }

                call.ReturnToCaller();
            }
        }

        private (ToolCall Call, IEnumerable Result) Next()
        {
            if (Interlocked.Exchange(ref _firstIsTaken, 1) == 0)
            {
                GC.SuppressFinalize(this);
                pipeline.Recheck(firstCall);
                return (firstCall, firstResult);
            }

            var call = pipeline.Begin(method.Tool, (object?[])values.Clone());
            try
            {
                return (call, (IEnumerable)SynchronousHandler.RunTool(pipeline, method, target, call, values)!);
            }
            finally
            {
                call.ReturnToCaller();
            }
        }
    }
}

using System.Collections;

namespace Thoth.Interception.Arguments;

/// <summary>Reads a lazy argument once, for parameters declared as <c>IEnumerable</c>.</summary>
internal abstract class LazySequence
{
    /// <summary>No more elements than this fit into the largest JSON that may be sent, so reading stops here.</summary>
    private const int MaxElements = ArgumentJson.MaxBytes / 2;

    public static LazySequence? For(Type type)
    {
        if (type == typeof(IEnumerable))
        {
            return new Of<object?>();
        }

        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>)
            ? (LazySequence)Activator.CreateInstance(typeof(Of<>).MakeGenericType(type.GetGenericArguments()))!
            : null;
    }

    public abstract object Materialize(object value);

    private sealed class Of<T> : LazySequence
    {
        public override object Materialize(object value)
        {
            if (value is ICollection<T> or IReadOnlyCollection<T> or ICollection or string)
            {
                return value;
            }

            // A sequence may give others to who asks for untyped elements; Cast asks for the tool's own type where there are such.
            var elements = new List<T>();
            foreach (var element in ((IEnumerable)value).Cast<T>())
            {
                if (elements.Count == MaxElements)
                {
                    throw new InvalidOperationException("The sequence has more elements than 1 MiB of JSON can hold.");
                }

                elements.Add(element);
            }

            return elements;
        }
    }
}

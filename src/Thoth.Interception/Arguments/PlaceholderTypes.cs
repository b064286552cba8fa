using System.ComponentModel;
using System.IO.Pipelines;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Thoth.Interception.Arguments;

/// <summary>
/// The types that are not data, such as streams, delegates and service providers. The enforcer gets a placeholder,
/// <c>{"$opaque":"System.IO.Stream"}</c>, and the tool gets the original.
/// </summary>
internal static class PlaceholderTypes
{
    public static readonly JsonEncodedText Key = JsonEncodedText.Encode("$opaque");

    private static readonly Type[] s_bases =
    [
        typeof(Stream), typeof(TextReader), typeof(TextWriter), typeof(Delegate), typeof(IServiceProvider),
        typeof(MemberInfo), typeof(Assembly), typeof(Expression), typeof(Task), typeof(ILogger), typeof(ILoggerFactory),
        typeof(PipeReader), typeof(PipeWriter), typeof(IQueryable), typeof(SynchronizationContext), typeof(WaitHandle),
        typeof(CancellationTokenSource), typeof(HttpMessageInvoker), typeof(HttpContent), typeof(TimeProvider),
    ];

    private static readonly Type[] s_generics =
    [
        typeof(IAsyncEnumerable<>), typeof(IProgress<>), typeof(IObservable<>), typeof(ChannelReader<>), typeof(ChannelWriter<>),
        typeof(ValueTask<>), typeof(Lazy<>),
    ];

    public static bool Contains(Type type)
    {
        if (type == typeof(CancellationToken) || type == typeof(ValueTask))
        {
            return true;
        }

        // A DataTable provides services, but it is data.
        if (typeof(MarshalByValueComponent).IsAssignableFrom(type))
        {
            return false;
        }

        foreach (var candidate in s_bases)
        {
            if (candidate.IsAssignableFrom(type))
            {
                return true;
            }
        }

        for (var current = type; current is not null; current = current.BaseType)
        {
            if (IsListedGeneric(current))
            {
                return true;
            }
        }

        return Array.Exists(type.GetInterfaces(), IsListedGeneric);
    }

    private static bool IsListedGeneric(Type type) =>
        type.IsGenericType && Array.IndexOf(s_generics, type.GetGenericTypeDefinition()) >= 0;

    /// <summary>Writes the placeholder for such a value inside an argument.</summary>
    internal sealed class ConverterFactory : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) => Contains(typeToConvert);

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert))!;
    }

    private sealed class Converter<T> : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException($"A '{typeToConvert}' cannot be read from JSON.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            WritingNotes.Current?.HasPlaceholder = true;
            writer.WriteStartObject();
            writer.WriteString(Key, typeof(T).ToString());
            writer.WriteEndObject();
        }
    }
}

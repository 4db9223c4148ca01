"""What the official Python client makes of the router stub. Reads the models by task, prints its answers by task."""

import hashlib
import json
import os
import sys
import warnings

from huggingface_hub import constants

router = os.environ["HF_INFERENCE_ENDPOINT"]
constants.INFERENCE_PROXY_TEMPLATE = router + "/{provider}"

from huggingface_hub import InferenceClient  # noqa: E402
from huggingface_hub.inference._providers._common import AutoRouterConversationalTask  # noqa: E402

AutoRouterConversationalTask._prepare_base_url = lambda self, key: router
warnings.simplefilter("ignore")
asked = json.load(sys.stdin)
models = asked["models"]
client = InferenceClient(token=asked["token"], bill_to="lab")


def file_of(content):
    if hasattr(content, "save"):
        return [content.width, content.height]
    return hashlib.sha256(content).hexdigest()


def plain(value):
    return json.loads(json.dumps(value, default=lambda one: one.tolist() if hasattr(one, "tolist") else vars(one)))


def chat():
    stream = client.chat_completion(
        [{"role": "user", "content": "Write"}], model=models["text-generation"], stream=True, max_tokens=9
    )
    return "".join(piece.choices[0].delta.content or "" for piece in stream if piece.choices)


def fal():
    own = InferenceClient(token=asked["token"], provider="fal-ai")
    return [
        file_of(own.text_to_image("A boat", model=models["fal-image"], num_inference_steps=4)),
        file_of(own.text_to_video("A film", model=models["fal-video"])),
    ]


image, audio = asked["image"], asked["audio"]
own = InferenceClient(token=asked["token"], provider="hf-inference")
works = {
    "text-generation": chat,
    "fal-ai": fal,
    "text-to-image": lambda m: file_of(own.text_to_image("A boat", model=m, width=12, height=8)),
    "image-to-image": lambda m: file_of(own.image_to_image(image, model=m, prompt="blue")),
    "text-to-speech": lambda m: file_of(own.text_to_speech("Hello", model=m)),
    "automatic-speech-recognition": lambda m: own.automatic_speech_recognition(audio, model=m).text,
    "audio-classification": lambda m: plain(own.audio_classification(audio, model=m)),
    "audio-to-audio": lambda m: [one.label for one in own.audio_to_audio(audio, model=m)],
    "image-classification": lambda m: plain(own.image_classification(image, model=m)),
    "image-to-text": lambda m: own.image_to_text(image, model=m).generated_text,
    "object-detection": lambda m: plain(own.object_detection(image, model=m)),
    "image-segmentation": lambda m: [[one.label, file_of(one.mask)] for one in own.image_segmentation(image, model=m)],
    "document-question-answering": lambda m: own.document_question_answering(image, "What?", model=m)[0].answer,
    "text-classification": lambda m: plain(own.text_classification("A good day", model=m)),
    "zero-shot-classification": lambda m: plain(own.zero_shot_classification("A boat", ["ship", "car"], model=m)),
    "zero-shot-image-classification": lambda m: plain(
        own.zero_shot_image_classification(image, ["ship", "car"], model=m)
    ),
    "question-answering": lambda m: own.question_answering(
        question="Where?", context="Ada lives in Paris", model=m
    ).answer,
    "table-question-answering": lambda m: own.table_question_answering(
        {"Name": ["Ada", "Bo"], "Age": ["36", "41"]}, "Who?", model=m
    ).answer,
    "translation": lambda m: own.translation("Hello", model=m, src_lang="en", tgt_lang="fr").translation_text,
    "summarization": lambda m: own.summarization("First. Second.", model=m).summary_text,
    "fill-mask": lambda m: [one.token_str for one in own.fill_mask("The [MASK] is blue", model=m)],
    "token-classification": lambda m: [[one.word, one.entity_group] for one in own.token_classification("I am Ada L", model=m)],
    "feature-extraction": lambda m: plain(own.feature_extraction("seven c", model=m)),
    "sentence-similarity": lambda m: own.sentence_similarity("a", ["a", "b"], model=m),
    "tabular-classification": lambda m: own.tabular_classification({"x": ["1", "2"]}, model=m),
}
answers = {}
for name, work in works.items():
    answers[name] = work(models[name]) if name in models and name != "text-generation" else work()
print(json.dumps(answers))

//! What one provision answers about one message.

use crate::code::words;

words! {
    /// The answer of one provision. There is no order among provisions.
    Answer {
        /// Does not apply to this role, channel or date.
        NotApplicable = "not_applicable",
        /// Its condition is shown to be met.
        Met = "met",
        /// Shown to be broken.
        Breached = "breached",
        /// Compliance cannot be shown; not the same as a breach.
        Unproved = "unproved",
        /// The text, its verification or its reading leaves it open.
        Unclear = "unclear",
    }
}

words! {
    /// Why a provision answered as it did.
    Ground {
        /// Nothing to say.
        None = "none",
        /// Consent on record covers it.
        Consented = "consented",
        /// The recipient asked for it.
        Requested = "requested",
        /// No act on record.
        NoRecord = "no_record",
        /// The sender says, or an authority found, that there was none.
        NoneExisted = "none_existed",
        /// Only an imported claim.
        AssertedOnly = "asserted_only",
        /// Evidence first seen after the send.
        LearntLater = "learnt_later",
        /// Records disagree.
        Contradicted = "contradicted",
        /// Refused, and the refusal had been recorded.
        Refused = "refused",
        /// The refusal had arrived but was recorded only later.
        RefusalHadArrived = "refusal_had_arrived",
        /// Refused to the same brand under another name.
        RefusedOtherName = "refused_other_name",
        /// Refused to the port.
        RefusedOnPort = "refused_on_port",
        /// Yes and no in the same second; ties refuse.
        Tie = "tie",
        /// Asked, and silence.
        Silence = "silence",
        /// Consent names another sender.
        OtherSender = "other_sender",
        /// Consent does not reach this channel.
        OtherChannel = "other_channel",
        /// Consent does not reach this kind of content.
        OtherKind = "other_kind",
        /// Consent does not reach this purpose.
        OtherPurpose = "other_purpose",
        /// More often than agreed.
        TooOften = "too_often",
        /// The period agreed has ended.
        Lapsed = "lapsed",
        /// The number passed to another person.
        Reassigned = "reassigned",
        /// Ticked by default.
        TickedByDefault = "ticked_by_default",
        /// Implied by another act.
        Implied = "implied",
        /// Bundled with something else.
        Bundled = "bundled",
        /// Buried in a document.
        Buried = "buried",
        /// Forced by refusal of service.
        Forced = "forced",
        /// How consent was asked is not recorded.
        FormNotRecorded = "form_not_recorded",
        /// What the person saw is not recorded.
        NoticeNotRecorded = "notice_not_recorded",
        /// The notice lacks what it must state.
        NoticeIncomplete = "notice_incomplete",
        /// The notice states what it must.
        NoticeComplete = "notice_complete",
        /// Consent was asked for information not related to the business, or that is unknown.
        UnrelatedInformation = "unrelated_information",
        /// The provision names consent only, the ground is a request.
        RequestNotNamed = "request_not_named",
        /// Data came from another controller without separate consent.
        NoSeparateConsent = "no_separate_consent",
        /// That consent does not name the recipient, contact, purpose, method and categories.
        ProvisionIncomplete = "provision_incomplete",
        /// Separate consent to the provision is on record.
        SeparateConsent = "separate_consent",
        /// No contract with the vendor.
        NoVendorContract = "no_vendor_contract",
        /// Personalised without an untargeted option or easy refusal.
        NoUntargetedOption = "no_untargeted_option",
        /// Tags reveal sensitive information.
        SensitiveTags = "sensitive_tags",
        /// Under 14 without a guardian's consent.
        NoGuardianConsent = "no_guardian_consent",
        /// Automated marketing to a minor.
        MinorTargeted = "minor_targeted",
        /// The sender is not named in the message.
        NoIdentity = "no_identity",
        /// No way to reach the sender.
        NoContact = "no_contact",
        /// No way to refuse is told.
        NoRefusalMethod = "no_refusal_method",
        /// Refusing costs money.
        RefusalNotFree = "refusal_not_free",
        /// The log kept no text.
        TextNotKept = "text_not_kept",
        /// 广告 or AD missing from the subject.
        NoAdLabel = "no_ad_label",
        /// The sender number is missing or false.
        FalseSenderNumber = "false_sender_number",
        /// The sender number was not kept.
        SenderNumberNotKept = "sender_number_not_kept",
        /// A port for service messages carried a commercial one.
        ServicePort = "service_port",
        /// The log was not kept.
        LogNotKept = "log_not_kept",
        /// Asked again after silence or refusal.
        AskedAgain = "asked_again",
        /// The request does not state type, frequency and period.
        RequestIncomplete = "request_incomplete",
        /// The operator knew and did not stop it.
        OperatorKnew = "operator_knew",
        /// No licence.
        NoLicence = "no_licence",
        /// The fact that the provision asks about is not recorded.
        FactNotRecorded = "fact_not_recorded",
        /// In force, but its text is not loaded.
        TextNotLoaded = "text_not_loaded",
        /// Complies.
        Complied = "complied",
        /// An organisation's line: whether the provision protects it is open.
        Organisation = "organisation",
        /// A call as "electronic information" is argued.
        CallArgued = "call_argued",
        /// Consent predates the text; which law judges it is argued.
        OlderConsent = "older_consent",
        /// Applies by analogy only.
        ByAnalogy = "by_analogy",
    }
}

/// One provision's answer. Where the law itself is argued it carries both answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The answer under the stricter reading.
    pub strict: Answer,
    /// The answer under the more lenient reading; equal unless argued.
    pub lenient: Answer,
    /// Why.
    pub ground: Ground,
}

impl Finding {
    /// Does not apply.
    pub const NOT_APPLICABLE: Self =
        Self { strict: Answer::NotApplicable, lenient: Answer::NotApplicable, ground: Ground::None };

    /// One answer, whatever the reading.
    #[must_use]
    pub const fn of(answer: Answer, ground: Ground) -> Self {
        Self { strict: answer, lenient: answer, ground }
    }

    /// Met.
    #[must_use]
    pub const fn met(ground: Ground) -> Self {
        Self::of(Answer::Met, ground)
    }

    /// Breached.
    #[must_use]
    pub const fn breached(ground: Ground) -> Self {
        Self::of(Answer::Breached, ground)
    }

    /// Unproved.
    #[must_use]
    pub const fn unproved(ground: Ground) -> Self {
        Self::of(Answer::Unproved, ground)
    }

    /// Unclear.
    #[must_use]
    pub const fn unclear(ground: Ground) -> Self {
        Self::of(Answer::Unclear, ground)
    }

    /// Two answers: the stricter and the more lenient.
    #[must_use]
    pub const fn argued(strict: Answer, lenient: Answer, ground: Ground) -> Self {
        Self { strict, lenient, ground }
    }

    /// Do the readings differ?
    #[must_use]
    pub fn is_argued(self) -> bool {
        self.strict != self.lenient
    }
}

words! {
    /// What the reader of a decision must be told besides the findings.
    Caveat {
        /// Order 74 in force, text not loaded.
        Order74NotLoaded = "order_74_not_loaded",
        /// The recipient is outside mainland China: other law may apply.
        ForeignRecipient = "foreign_recipient",
        /// An organisation's line: protection of persons may not reach it.
        OrganisationLine = "organisation_line",
        /// Filing of signature, content provider or port asked by notices whose text is not loaded.
        FilingUnknown = "filing_unknown",
        /// Signature, content provider or port known not to be filed.
        NotFiled = "not_filed",
        /// Port shared or signature unmapped: the widest refusal was taken.
        WidestRefusal = "widest_refusal",
        /// Class is borderline.
        Borderline = "borderline",
        /// A verification code that carries an offer.
        CodeWithOffer = "code_with_offer",
        /// Declared otherwise than its content reads.
        DeclaredOtherwise = "declared_otherwise",
        /// Consent form was not judged by texts that do not speak of it.
        FormNotJudged = "form_not_judged",
        /// Whether Advertising Law 62 displaces Consumer Law 56 is open.
        SubsidiarityOpen = "subsidiarity_open",
        /// A refusal to another name of the brand counts by house policy only.
        BrandByPolicy = "brand_by_policy",
        /// Before every loaded ban on this channel.
        NoLoadedBan = "no_loaded_ban",
    }
}

/// A set of caveats.
pub type Caveats = crate::Set<Caveat>;
